//! Saved plans that somebody has changed: each is refused, and nothing is written.

use std::fs;
use std::process::Command;

use crate::hostile::{Ground, PATHS, task};

#[test]
fn saved_plans() {
    let mut ground = Ground::new();
    fs::write(ground.path("tasks.md"), task("pkg/virt-handler/clock.go")).unwrap();
    let words = ["scaffold", "tasks.md", "--no-gate", "--plan", "plan.json"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(words).current_dir(ground.folder.path()).env("KUBEVIRT_DIR", ground.path("kubevirt"));
    let output = output.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(ground.path("plan.json")).unwrap();
    let sound: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut tampered: Vec<(String, String, &[&str])> = Vec::new();
    let mut add = |what: &str, codes: &'static [&'static str], change: &dyn Fn(&mut serde_json::Value)| {
        let mut plan = sound.clone();
        change(&mut plan);
        tampered.push((what.to_owned(), plan.to_string(), codes));
    };
    for (path, codes) in PATHS.iter().step_by(3) {
        // What only a checkout can tell is told by the walk to the file.
        let codes: &[&str] = match codes[0] {
            "path-case" => continue,
            "path-not-folder" => &["path-symlink"],
            _ => codes,
        };
        add(path, Box::leak(codes.to_vec().into_boxed_slice()), &|plan| {
            plan["changes"][0]["path"] = (*path).into();
            plan["files"][*path] = serde_json::Value::Null;
        });
    }
    for path in ["go.mod", "Makefile", "hack/x.sh", "pkg/x.yaml", ".github/workflows/x.yml", "pkg/x", "x.go", "go.sum"]
    {
        add(path, &["path-kind", "plan-moved"], &|plan| {
            plan["changes"][0]["path"] = path.into();
            plan["files"][path] = serde_json::Value::Null;
        });
    }
    add("unread", &["plan-unreadable"], &|plan| plan["changes"][0]["path"] = "pkg/virt-handler/other.go".into());
    add("kind", &["plan-unreadable"], &|plan| plan["kind"] = "x".into());
    add("version", &["plan-unreadable"], &|plan| {
        plan["version"] = (sound["version"].as_u64().unwrap() + 1).into();
    });
    add("version of another type", &["plan-unreadable"], &|plan| plan["version"] = "1".into());
    add("unknown field", &["plan-unreadable"], &|plan| plan["commands"] = "rm -rf /".into());
    add("command of a step", &["plan-unreadable"], &|plan| {
        plan["hooks"] = serde_json::json!([{ "name": "generate", "reason": "", "command": "rm" }]);
    });
    add("root", &["plan-elsewhere"], &|plan| plan["root"] = "/".into());
    add("root of another type", &["plan-unreadable"], &|plan| plan["root"] = 1.into());
    add("hash", &["plan-moved"], &|plan| plan["files"]["go.mod"] = "0".into());
    add("a file that was not there", &["plan-moved"], &|plan| plan["files"]["go.mod"] = serde_json::Value::Null);
    add("a file that is not there", &["plan-moved"], &|plan| plan["files"]["pkg/none.go"] = "00".into());
    add("a folder", &["plan-moved"], &|plan| plan["folders"]["pkg"] = "00".into());
    add("no changes", &["plan-unreadable"], &|plan| plan["changes"] = serde_json::Value::Null);
    add("text of another type", &["plan-unreadable"], &|plan| plan["changes"][0]["after"] = 1.into());
    add("twice", &["plan-unreadable"], &|plan| {
        let first = plan["changes"][0].clone();
        plan["changes"].as_array_mut().unwrap().push(first);
    });
    tampered.push(("torn".into(), text[..text.len() / 2].to_owned(), &["plan-unreadable"]));
    tampered.push(("empty".into(), String::new(), &["plan-unreadable"]));
    tampered.push(("deep".into(), "[".repeat(100_000), &["plan-unreadable"]));
    tampered.push(("an array".into(), "[]".into(), &["plan-unreadable"]));
    tampered.push(("not JSON".into(), "# Tasks\n".into(), &["plan-unreadable"]));
    for (what, plan, codes) in &tampered {
        fs::write(ground.path("plan.json"), plan).unwrap();
        ground.refused(what, &["apply", "plan.json", "--yes", "--hooks", "none"], codes);
    }
    ground.refused("no plan", &["apply", "missing.json", "--yes"], &["plan-unreadable"]);
    ground.refused("a device", &["apply", "/dev/zero", "--yes"], &["plan-unreadable"]);
    ground.refused("a folder", &["apply", "outside", "--yes"], &["plan-unreadable"]);
    for name in ["tasks.md", "plan.json"] {
        fs::remove_file(ground.path(name)).unwrap();
    }
    ground.end(60);
}
