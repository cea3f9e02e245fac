use super::*;

fn read(line: &str) -> Result<Option<Access>, String> {
    let is_role = |word: &str| matches!(word, "virt-handler" | "virt-controller" | "kubevirt.io:admin");
    let is_resource = |word: &str| matches!(word, "pods" | "pods/status" | "nodes" | "virtualmachines");
    let (roles, groups) = (
        ["virt-handler", "virt-controller", "kubevirt.io:admin"].map(str::to_owned),
        ["", "apps", "kubevirt.io", "subresources.kubevirt.io", "snapshot.kubevirt.io"].map(str::to_owned),
    );
    let meaning = |word: &str| match word {
        "apiVMStop" => Some("virtualmachines/stop".to_owned()),
        "virtv1.SubresourceGroupName" => Some("subresources.kubevirt.io".to_owned()),
        _ => None,
    };
    access(
        line,
        &Vocabulary { is_role: &is_role, is_resource: &is_resource, roles: &roles, groups: &groups, meaning: &meaning },
    )
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
        (
            "add `virtualmachines/stop` (verb update) in the subresources API group to virt-controller",
            "virt-controller: update on virtualmachines/stop of \"subresources.kubevirt.io\"",
        ),
        (
            "virt-controller may update `virtualmachines/stop` of the API group for subresources",
            "virt-controller: update on virtualmachines/stop of \"subresources.kubevirt.io\"",
        ),
        (
            "API group of the snapshots, resource `virtualmachinesnapshots`, verbs `get`, `watch`",
            ": get,watch on virtualmachinesnapshots of \"snapshot.kubevirt.io\"",
        ),
        (
            "add `virtualmachines/stop` (verb update) in the `subresources.kubevirt.io` API group to its cluster role",
            ": update on virtualmachines/stop of \"subresources.kubevirt.io\"",
        ),
        ("Grant `get` on `nodes` in the core group to virt-handler", "virt-handler: get on nodes of \"\""),
        (
            "virt-handler may update `apiVMStop` of `virtv1.SubresourceGroupName`",
            "virt-handler: update on virtualmachines/stop of \"subresources.kubevirt.io\"",
        ),
        ("virt-handler may get pods in KubeVirt's API group", "virt-handler: get on pods of \"kubevirt.io\""),
        (
            "virt-controller will then watch nodes: allow its role `get` and `watch` on `nodes` of the core API group",
            "virt-controller: get,watch on nodes of \"\"",
        ),
        ("Follow the neighbours", "nothing"),
        ("Update the documentation", "nothing"),
    ] {
        assert_eq!(shown(line), found, "{line}");
    }
}

#[test]
fn what_is_not_exact_is_said() {
    for (line, why) in [
        ("virt-handler may read `plugins`", "`read` is not a verb"),
        ("virt-handler may get, list and observe `plugins`", "`observe` is not a verb"),
        ("`plugins` for virt-handler", "no verb"),
        ("virt-handler loses get on `pods`", "only allow"),
        ("virt-handler must not get pods", "only allow"),
        ("virt-painter may get pods", "no role is called `virt-painter`"),
        ("Allow kubevirt-painter to get pods", "no role is called `kubevirt-painter`"),
        ("virt-handler: full access to `plugins` of `plugin.io`", "full access"),
        ("Allow virt-handler to update the world", "no resource"),
        ("virt-handler may get pods if the gate is on", "at all times"),
        ("virt-handler may get `secrets` named `x`", "one name"),
        ("virt-handler may get `widgets` of the widgets group", "no rule has an API group called `widgets`"),
        ("virt-handler may get `widgets` of API group `snapshotz`", "a similar one is `snapshot.kubevirt.io`"),
        ("virt-handler may get/observe and list pods", "`get/observe` is not a verb"),
        ("virt-handler may observe `pods`", "`observe` is not a verb"),
        ("virt-handlr may get pods", "a similar one is `virt-handler`"),
        ("The admim role gets get on pods", "no role is called `admim`"),
        ("update so that virt-handler can get pods", "two places"),
        ("virt-handler will list pods: allow it to get `nodes`", "to be allowed as well is not said"),
    ] {
        assert!(shown(line).contains(why), "{line}: {}", shown(line));
    }
}
