use super::*;

fn read(line: &str) -> Result<Option<Access>, String> {
    let is_role = |word: &str| matches!(word, "virt-handler" | "virt-controller" | "kubevirt.io:admin");
    let is_resource = |word: &str| matches!(word, "pods" | "pods/status" | "nodes" | "virtualmachines");
    access(line, &Vocabulary { is_role: &is_role, is_resource: &is_resource })
}

fn shown(line: &str) -> String {
    match read(line) {
        Err(error) => error,
        Ok(None) => "nothing".to_owned(),
        Ok(Some(access)) => {
            let grant = |grant: &Grant| {
                let group = grant.group.as_deref().map_or(String::new(), |group| format!(" of {group:?}"));
                format!("{} on {}{group}", grant.verbs.join(","), grant.resources.join(","))
            };
            let grants: Vec<String> = access.grants.iter().map(grant).collect();
            format!("{}: {}", access.roles.join(","), grants.join("; "))
        }
    }
}

#[test]
fn who_may_do_what_is_read() {
    for (line, found) in [
        (
            "virt-controller may get, list, watch, update and patch `virtualmachinefilerestores` of `filerestore.kubevirt.io`",
            "virt-controller: get,list,watch,update,patch on virtualmachinefilerestores of \"filerestore.kubevirt.io\"",
        ),
        (
            "virt-controller gets `list` on `metrics.k8s.io/nodes`",
            "virt-controller: list on nodes of \"metrics.k8s.io\"",
        ),
        ("Grant patch on pods/status to virt-handler", "virt-handler: patch on pods/status"),
        (
            "Allow `get`/`list` on `plugins.plugin.kubevirt.io` in virt-handler's role",
            "virt-handler: get,list on plugins of \"plugin.kubevirt.io\"",
        ),
        (
            "Allow `get, list` of nodes and `patch` of `pods/status` for virt-handler",
            "virt-handler: get,list on nodes; patch on pods/status",
        ),
        ("`widgets` (`apps` group): get and watch", ": get,watch on widgets of \"apps\""),
        ("virt-handler may get and list widgets of w.io", "virt-handler: get,list on widgets of \"w.io\""),
        ("RBAC for virt-handler", "virt-handler: "),
        ("`widgets` in API group `apps`: get and watch", ": get,watch on widgets of \"apps\""),
        ("virt-handler can list pods in the core group", "virt-handler: list on pods of \"\""),
        ("Follow the neighbours", "nothing"),
        ("Update the documentation", "nothing"),
    ] {
        assert_eq!(shown(line), found, "{line}");
    }
}

#[test]
fn what_is_not_exact_is_said() {
    for (line, why) in [
        ("virt-handler may read `plugins`", "no verb"),
        ("virt-handler may get, list and observe `plugins`", "`observe` is not a verb"),
        ("virt-handler must not get pods", "only allow"),
        ("virt-painter may get pods", "no role is called `virt-painter`"),
        ("Allow kubevirt-painter to get pods", "no role is called `kubevirt-painter`"),
        ("virt-handler: full access to `plugins` of `plugin.io`", "full access"),
        ("Allow virt-handler to update the world", "no resource"),
        ("virt-handler may get pods if the gate is on", "at all times"),
        ("virt-handler may get `secrets` named `x`", "one name"),
        ("update so that virt-handler can get pods", "two places"),
    ] {
        assert!(shown(line).contains(why), "{line}: {}", shown(line));
    }
}
