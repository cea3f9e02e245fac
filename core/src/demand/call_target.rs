//! What stands behind a verb of calls: who calls, where in it, and when.

use super::{CONDITIONS, FILLERS, FROM, NOUNS, Piece, Place, Reader, Target};

impl Reader<'_, '_> {
    /// What stands behind the verb: where it is called from. `open`: the first preposition may be missing.
    pub(super) fn target(&self, from: usize, open: bool) -> (Target, usize) {
        let mut target = Target::default();
        let mut at = from;
        let mut expects = open;
        while let Some(word) = self.words.get(at) {
            if word.piece == Piece::Mark {
                // Behind a colon or a dash comes an explanation, unless nothing was said yet.
                if matches!(word.text, ":" | "-" | "–" | "—") && target.begun {
                    return (target, self.words.len());
                }
                // Behind a comma the list of callers goes on, or another demand begins.
                let lists = word.text == "," && !target.callers.is_empty();
                if word.text == "," && self.leads(at + 1) || lists && self.begins(at) {
                    return (target, at);
                }
                let next = self.next_caller(at).filter(|_| lists);
                (expects, at) = (expects || next.is_some(), next.unwrap_or(at + 1));
                continue;
            }
            if let Some((place, next)) = self.place(at) {
                (target.begun, target.place) = (true, Some(place));
                (expects, at) = (true, next);
                continue;
            }
            if self.is(at, &["and", "or", "then", "plus"]) {
                // "from `A` and `B`"; "and start it in `C`" is another demand.
                let next = self.skip(at + 1, &[FILLERS, FROM]);
                let goes_on = self.func(next).is_some() && !self.begins(at) && !self.leads(at);
                if !target.callers.is_empty() && goes_on {
                    expects = true;
                    at += 1;
                    continue;
                }
                return (target, at);
            }
            // "As `x.f(a)`" spells the call.
            let spelled = self.words.get(at + 1).filter(|word| word.piece == Piece::Code);
            if self.is(at, &["as"]) && spelled.is_some_and(|word| word.text.contains('(')) {
                at += 2;
                continue;
            }
            // "next to `f`" says on neither side of it.
            let beside = self.is(at, &["next"]) && self.is(at + 1, &["to"]) || self.is(at, &["beside", "alongside"]);
            if beside && !target.callers.is_empty() {
                target.condition = Some(self.line[word.at..].trim_end_matches('.').trim().to_owned());
                return (target, self.words.len());
            }
            if let Some(next) = self.of_each(at).filter(|_| target.callers.is_empty()) {
                (target.begun, at) = (true, next);
                continue;
            }
            // "From `F` with `a`"
            if let Some((arguments, next)) = self.handed(usize::MAX, at).filter(|_| !target.callers.is_empty()) {
                (target.arguments, at) = (Some(arguments), next);
                continue;
            }
            if target.begun && !self.is(at, &["with", "for"]) && self.is(at, CONDITIONS)
                || self.is(at, CONDITIONS) && !self.is(at, FROM)
                || self.is(at, &["with"]) && !target.callers.is_empty()
            {
                target.condition = Some(self.line[word.at..].trim_end_matches('.').trim().to_owned());
                return (target, self.words.len());
            }
            if self.is(at, FROM) {
                let next = self.skip(at + 1, &[FILLERS, NOUNS, &["file"]]);
                let named = self.func(next).is_some() || self.path(next).is_some();
                let later = self.later(at);
                if !named
                    && target.callers.is_empty()
                    && self.is(at, &["on", "with"])
                    && let Some(later) = later
                {
                    (target.begun, at) = (true, later);
                    continue;
                }
                if !named && !target.callers.is_empty() {
                    // "to keep it in one place": no place of a call.
                    return (target, self.words.len());
                }
                (target.begun, expects, at) = (true, named, next);
                if !named {
                    return (target, self.words.len());
                }
                continue;
            }
            if let Some((path, function)) = self.path(at) {
                target.file = Some(path);
                target.callers.extend(function);
                at += 1;
                continue;
            }
            // "Add it to the `T` interface" asks for a method.
            if expects && self.is(at + 1, &["interface"]) {
                return (target, at);
            }
            if let Some(function) = self.func(at).filter(|_| expects) {
                let (function, next) = self.with_type(function, at + 1, &mut target);
                if !target.callers.contains(&function) {
                    target.callers.push(function);
                }
                (target.begun, expects, at) = (true, false, next);
                continue;
            }
            if !self.is(at, FILLERS) && !self.is(at, NOUNS) {
                return (target, at);
            }
            at += 1;
        }
        (target, at)
    }

    /// "On the rendered pod at the end of `F`": what stands between says nothing of the caller. The word that leads to it.
    fn later(&self, at: usize) -> Option<usize> {
        (at + 1..(at + 8).min(self.words.len())).find(|later| {
            self.place(*later).is_some() && !self.is(*later, &["the"])
                || self.is(*later, FROM) && self.func(self.skip(*later + 1, &[FILLERS, NOUNS])).is_some()
        })
    }

    /// "For each interface in `F`" says where, not when: `F` has the loop. The word that leads to it.
    fn of_each(&self, at: usize) -> Option<usize> {
        let each = self.is(at, &["for"]) && self.is(at + 1, &["each", "every", "all"]);
        let next = (at + 2..at + 6).find(|next| each && self.is(*next, FROM))?;
        self.func(self.skip(next + 1, &[FILLERS, NOUNS])).map(|_| next)
    }

    /// "at the end of", "before the last return in", "right after `f` in".
    pub(super) fn place(&self, at: usize) -> Option<(Place, usize)> {
        let at = self.skip(at, &[&["right", "just", "directly", "immediately", "shortly", "as"]]);
        let behind = |at: usize| if self.is(at, &["of", "in", "inside", "from"]) { at + 1 } else { at };
        if self.is(at, &["at", "near", "the", "in", "to"]) {
            let next = self.skip(at + 1, &[&["the", "its", "very"]]);
            if self.is(next, &["end", "bottom"]) {
                return Some((Place::End, behind(next + 1)));
            }
            if self.is(next, &["start", "beginning", "top"]) {
                return Some((Place::Start, behind(next + 1)));
            }
        }
        // "As the last step of", "its first statement".
        let ordinal = self.skip(at, &[&["the", "its", "a"]]);
        if ordinal > at && self.is(ordinal + 1, &["step", "thing", "statement", "action", "check", "call"]) {
            let last = self.is(ordinal, &["last", "final"]).then_some(Place::End);
            let place = last.or_else(|| self.is(ordinal, &["first"]).then_some(Place::Start));
            if let Some(place) = place {
                return Some((place, behind(ordinal + 2)));
            }
        }
        if self.is(at, &["between"])
            && let Some((one, two)) = self.func(at + 1).zip(self.func(at + 3)).filter(|_| self.is(at + 2, &["and"]))
        {
            return Some((Place::Between(one, two), behind(at + 4)));
        }
        let prior = self.is(at, &["prior", "ahead"]) && self.is(at + 1, &["to", "of"]);
        if prior || self.is(at, &["before", "after", "behind", "above", "below"]) {
            let before = prior || self.is(at, &["before", "above"]);
            let next = self.skip(at + 1, &[&["the", "it", "final", "last", "call", "of", "to", "existing"]]);
            if before && self.is(next, &["return", "returning", "returns"]) {
                let next = self.skip(next + 1, &[&["statement"]]);
                return Some((Place::End, behind(next)));
            }
            // "Behind `c.Enabled()`" is a condition.
            let asks = |name: &str| name.ends_with("Enabled") || name.starts_with("is") || name.starts_with("Is");
            let other = self.func(next).filter(|other| !(self.is(at, &["behind"]) && asks(&other.name)))?;
            let next = self.skip(next + 1, &[NOUNS]);
            let place = if before { Place::Before(other) } else { Place::After(other) };
            return Some((place, behind(next)));
        }
        None
    }
}
