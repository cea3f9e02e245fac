"""A binary of this repository, built with the host's cargo.

No toolchain and no external repository: whoever works on this project has cargo, and KubeVirt's
own workspace must not be made to fetch a Rust toolchain for a development tool.
"""

def _cargo_binary_impl(ctx):
    binary = ctx.actions.declare_file(ctx.label.name)

    # The script gets the names of the sources in a file: there are too many for a command line.
    sources = ctx.actions.declare_file(ctx.label.name + ".sources")
    root = ctx.file.manifest.dirname
    ctx.actions.write(sources, "".join([source.path + "\n" for source in ctx.files.srcs]))
    ctx.actions.run(
        executable = ctx.executable._build,
        arguments = [root or ".", sources.path, ctx.attr.package, binary.path],
        inputs = ctx.files.srcs + [ctx.file.manifest, ctx.file._environment, sources],
        outputs = [binary],
        mnemonic = "CargoBuild",
        progress_message = "Building %s with cargo" % ctx.label,
        use_default_shell_env = True,
        # Cargo keeps what it built beside the binary, and may have to download crates.
        execution_requirements = {
            "local": "1",
            "no-cache": "1",
            "no-remote": "1",
            "requires-network": "1",
        },
    )
    return [DefaultInfo(executable = binary, files = depset([binary]))]

cargo_binary = rule(
    implementation = _cargo_binary_impl,
    doc = "Builds one binary of a cargo workspace from the sources that are declared, and no others.",
    attrs = {
        "manifest": attr.label(
            doc = "The workspace's Cargo.toml.",
            allow_single_file = True,
            mandatory = True,
        ),
        "package": attr.string(
            doc = "The package, whose binary has the same name.",
            mandatory = True,
        ),
        "srcs": attr.label_list(
            doc = "Everything that the build reads: sources, manifests, the lock file, templates.",
            allow_files = True,
            mandatory = True,
        ),
        "_environment": attr.label(
            default = Label("//bazel:environment.sh"),
            allow_single_file = True,
        ),
        "_build": attr.label(
            default = Label("//bazel:cargo_build.sh"),
            allow_single_file = True,
            cfg = "exec",
            executable = True,
        ),
    },
    executable = True,
)

def _cargo_test_impl(ctx):
    runner = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        runner,
        "#!/bin/sh\ncd \"$TEST_SRCDIR/%s\" && exec %s %s\n" % (
            ctx.workspace_name,
            "./" + ctx.file._test.short_path,
            ctx.file.manifest.short_path,
        ),
        is_executable = True,
    )
    runfiles = ctx.runfiles(files = [ctx.file._test, ctx.file.manifest])
    return [DefaultInfo(executable = runner, runfiles = runfiles)]

# The tests read fixture trees that hold build files of their own, which Bazel cannot list as
# sources. So they run where the sources are, and always run anew.
cargo_test = rule(
    implementation = _cargo_test_impl,
    doc = "Runs the tests of a cargo workspace, in the workspace itself.",
    attrs = {
        "manifest": attr.label(
            doc = "The workspace's Cargo.toml.",
            allow_single_file = True,
            mandatory = True,
        ),
        "_test": attr.label(
            default = Label("//bazel:cargo_test.sh"),
            allow_single_file = True,
        ),
    },
    test = True,
)
