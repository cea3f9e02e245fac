package virtctl

const commands = "version"
