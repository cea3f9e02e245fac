//! The blocks of a Markdown document that a tasks.md is made of.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::text::Span;

/// A block at the top level of the document. Code, HTML, tables, quotes and front matter are no
/// blocks of ours: what looks like a task in them is an example.
#[derive(Debug)]
pub(super) enum Block {
    Heading { level: usize, text: Span },
    Paragraph(Span),
    Item(Item),
}

/// A list item: its own text, and the items below it.
#[derive(Debug)]
pub(super) struct Item {
    /// From the bullet to where the next item, or a code block, begins.
    pub(super) text: Span,
    pub(super) children: Vec<Item>,
}

/// The blocks of a document, in order.
pub(super) fn blocks(source: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Vec<OpenItem> = Vec::new();
    // Depth in containers that hold no tasks.
    let mut ignored = 0_usize;
    for (event, range) in Parser::new_ext(source, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) | Tag::Table(_)) => {
                close_text(&mut open, range.start);
                ignored += 1;
            }
            Event::Start(Tag::BlockQuote(_)) => ignored += 1,
            Event::End(
                TagEnd::CodeBlock
                | TagEnd::HtmlBlock
                | TagEnd::MetadataBlock(_)
                | TagEnd::Table
                | TagEnd::BlockQuote(_),
            ) => ignored -= 1,
            _ if ignored > 0 => {}
            Event::Start(Tag::Heading { level, .. }) if open.is_empty() => {
                let text = heading_text(source, range.into());
                blocks.push(Block::Heading { level: number(level), text });
            }
            Event::Start(Tag::Paragraph) if open.is_empty() => blocks.push(Block::Paragraph(range.into())),
            Event::Start(Tag::List(_)) => close_text(&mut open, range.start),
            Event::Start(Tag::Item) => open.push(OpenItem { start: range.start, text_end: None, children: Vec::new() }),
            Event::End(TagEnd::Item) => {
                let item = open.pop().expect("an item ends that began").close(source, range.end);
                match open.last_mut() {
                    Some(parent) => parent.children.push(item),
                    None => blocks.push(Block::Item(item)),
                }
            }
            _ => {}
        }
    }
    blocks
}

fn options() -> Options {
    // Task markers stay text: people write marks that no Markdown dialect knows.
    Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS | Options::ENABLE_STRIKETHROUGH
}

struct OpenItem {
    start: usize,
    text_end: Option<usize>,
    children: Vec<Item>,
}

impl OpenItem {
    fn close(self, source: &str, end: usize) -> Item {
        let end = self.text_end.unwrap_or(end);
        let end = self.start + source[self.start..end].trim_end().len();
        Item { text: Span::new(self.start, end), children: self.children }
    }
}

fn close_text(open: &mut [OpenItem], at: usize) {
    if let Some(item) = open.last_mut() {
        item.text_end.get_or_insert(at);
    }
}

/// The text of `## Phase 1 ##`, without the marks around it.
fn heading_text(source: &str, span: Span) -> Span {
    let raw = span.of(source);
    let first_line = raw.lines().next().unwrap_or_default();
    let inner = first_line.trim_start_matches(['#', ' ', '\t']);
    let start = span.start + (first_line.len() - inner.len());
    Span::new(start, start + inner.trim_end_matches(['#', ' ', '\t']).len())
}

fn number(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
