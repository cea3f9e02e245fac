//! The blocks of a document that a tasks.md is made of.

use super::line::head;
use super::lines::{Line, LineKind, bare};
use crate::text::Span;

/// A block at the top level of the document. Code, HTML, tables, quotes and front matter are no
/// blocks of ours: what looks like a task in them is an example.
#[derive(Debug)]
pub(super) enum Block {
    Heading { level: usize, text: Span },
    Paragraph(Span),
    Item(Item),
}

/// A list item: its own text, and what hangs below it.
#[derive(Debug)]
pub(super) struct Item {
    /// From the bullet to the end of its first paragraph.
    pub(super) text: Span,
    /// The items below it, and the paragraphs: these have no bullet.
    pub(super) children: Vec<Item>,
    indent: usize,
}

/// The blocks of a document, in order.
pub(super) fn blocks(source: &str, lines: &[Line]) -> Vec<Block> {
    let mut reader = Reader { source, blocks: Vec::new(), open: Vec::new(), continues: false };
    for &line in lines {
        reader.line(line);
    }
    reader.close(0);
    reader.blocks
}

struct Reader<'a> {
    source: &'a str,
    blocks: Vec<Block>,
    /// The items that the current line may belong to, outermost first.
    open: Vec<Item>,
    /// Whether the next line of text belongs to the paragraph above.
    continues: bool,
}

impl Reader<'_> {
    fn line(&mut self, line: Line) {
        let raw = line.span.of(self.source);
        let start = line.span.end - raw.trim_start_matches('\u{feff}').trim_start().len();
        let trimmed = bare(self.source, line);
        let text = Span::new(start, start + trimmed.len());
        match line.kind {
            LineKind::Heading(level) => {
                self.close(0);
                let inner = trimmed.trim_start_matches(['#', ' ', '\t']);
                let start = text.end - inner.len();
                let text = Span::new(start, start + inner.trim_end_matches(['#', ' ', '\t']).len());
                self.blocks.push(Block::Heading { level, text });
                self.continues = false;
            }
            LineKind::Item => {
                self.close(line.indent);
                self.open.push(Item { text, children: Vec::new(), indent: line.indent });
                self.continues = true;
            }
            LineKind::Text => self.text(line, text),
            LineKind::Code | LineKind::Comment | LineKind::Blank | LineKind::FrontMatter => self.continues = false,
            LineKind::Fence
            | LineKind::StrayFence
            | LineKind::Quote
            | LineKind::Table
            | LineKind::Html
            | LineKind::Rule => {
                self.continues = false;
                if line.indent == 0 {
                    self.close(0);
                }
            }
        }
    }

    fn text(&mut self, line: Line, text: Span) {
        // `**Checkpoint**: …` directly below a list is no part of its last item.
        let leaves_list = line.indent == 0 && !self.open.is_empty() && text.of(self.source).starts_with("**");
        if self.continues && !leaves_list {
            match (self.open.last_mut(), self.blocks.last_mut()) {
                (Some(item), _) => item.paragraph().end = text.end,
                (None, Some(Block::Paragraph(span))) => span.end = text.end,
                (None, _) => self.blocks.push(Block::Paragraph(text)),
            }
            return;
        }
        self.close(line.indent);
        match self.open.last_mut() {
            Some(item) => item.children.push(Item { text, children: Vec::new(), indent: line.indent }),
            None => self.blocks.push(Block::Paragraph(text)),
        }
        self.continues = true;
    }

    /// Closes the items that a line with this indentation does not belong to.
    fn close(&mut self, indent: usize) {
        while self.open.last().is_some_and(|item| item.indent + 2 > indent) {
            let item = self.open.pop().expect("there is a last one");
            match self.open.last_mut() {
                Some(parent) => parent.children.push(item),
                None => self.blocks.push(Block::Item(item)),
            }
        }
    }
}

impl Item {
    /// Something that is no list item, read as if it were one.
    pub(super) fn heading(text: Span) -> Self {
        Self { text, children: Vec::new(), indent: 0 }
    }

    /// Where it ends, with everything below it.
    pub(super) fn end(&self) -> usize {
        self.children.last().map_or(self.text.end, Self::end)
    }

    /// Where it ends, without the tasks below it.
    pub(super) fn own_end(&self, source: &str) -> usize {
        let is_task = |item: &&Self| head(item.text.of(source)).is_some_and(|head| head.id.is_some());
        self.children
            .iter()
            .take_while(|child| !is_task(child))
            .last()
            .map_or(self.text.end, |child| child.own_end(source))
    }

    /// The span of the paragraph that was read last: the item's own, or one below it.
    fn paragraph(&mut self) -> &mut Span {
        match self.children.last_mut() {
            Some(child) => &mut child.text,
            None => &mut self.text,
        }
    }
}
