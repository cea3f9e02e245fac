//! Any bytes as a field of a struct, and as a type. What is taken is printed from its syntax, and stands alone in a
//! struct: the same field, and nothing else.
#![no_main]

use kubevirt_scaffold_core::go::{DeclKind, GoFile, StructField, TypeText, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // Printed, it is longer, and there is a limit.
    let Ok(text) = std::str::from_utf8(&data[..data.len().min(400)]) else { return };
    if let Ok(field) = StructField::parse(text) {
        let name = field.name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
        let written = format!("{name}{}", field.ty.text);
        assert_eq!(StructField::parse(&written).as_ref(), Ok(&field), "{text:?} is written as {written:?}");
        let source = format!("package a\n\ntype t struct {{\n\t{written}\n}}\n");
        check(&source).unwrap_or_else(|error| panic!("{error:?} in {source:?}"));
        let file = GoFile::parse(&source).unwrap_or_else(|error| panic!("{error:?} in {source:?}"));
        assert!(matches!(file.decls.as_slice(), [only] if only.kind == DeclKind::Type && only.name() == "t"), "{source:?}");
        assert_eq!(source.matches('\n').count(), written.matches('\n').count() + 5, "{source:?}");
    }
    if let Ok(ty) = TypeText::parse(text) {
        assert_eq!(TypeText::parse(&ty.text).as_ref(), Ok(&ty), "{text:?} is written as {:?}", ty.text);
    }
});
