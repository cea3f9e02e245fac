//! Any bytes as the head of a function. What is taken is printed from its syntax, and that is one function: the same
//! one, and nothing else.
#![no_main]

use kubevirt_scaffold_core::go::{DeclKind, FunctionHead, GoFile, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // Printed, it is longer, and there is a limit.
    let Ok(text) = std::str::from_utf8(&data[..data.len().min(400)]) else { return };
    let Ok(head) = FunctionHead::parse(text) else { return };
    let receiver = head.receiver.as_ref().map(|receiver| {
        let name = receiver.names.first().map(|name| format!("{name} ")).unwrap_or_default();
        format!("({name}{}) ", receiver.ty.text)
    });
    let written = format!("{}{}{}", receiver.unwrap_or_default(), head.name, head.signature());
    assert_eq!(FunctionHead::parse(&written).as_ref(), Ok(&head), "{text:?} is written as {written:?}");
    let source = format!("package a\n\nfunc {written} {{\n}}\n");
    check(&source).unwrap_or_else(|error| panic!("{error:?} in {source:?}"));
    let file = GoFile::parse(&source).unwrap_or_else(|error| panic!("{error:?} in {source:?}"));
    assert!(file.imports.is_empty(), "{source:?}");
    assert!(matches!(file.decls.as_slice(), [only] if only.kind == DeclKind::Func && only.name() == head.name), "{source:?}");
});
