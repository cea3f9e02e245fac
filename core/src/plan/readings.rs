//! What is read of a task once, whoever asks.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use super::PlannedTask;

/// What was read of a task's lines, by who reads it: a task can name thousands of files, and each kind is asked about
/// each of them.
#[derive(Clone, Default)]
pub(crate) struct Readings(RefCell<BTreeMap<&'static str, Rc<dyn Any>>>);

impl fmt::Debug for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.borrow().keys()).finish()
    }
}

impl PlannedTask {
    /// What `read` finds in its lines, which is read once.
    pub(crate) fn once<T: Clone + 'static>(&self, reader: &'static str, read: impl FnOnce() -> T) -> T {
        let known = self.readings.0.borrow().get(reader).and_then(|known| known.downcast_ref::<T>().cloned());
        known.unwrap_or_else(|| {
            let found = read();
            self.readings.0.borrow_mut().insert(reader, Rc::new(found.clone()));
            found
        })
    }
}
