//! Which fields a template uses, and where.

use handlebars::template::{HelperTemplate, Parameter, Template, TemplateElement};
use handlebars::{Path, PathSeg};

/// A variable in a template: the fields that lead to it from the top, and its line and column.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) fields: Vec<String>,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A template that is not one of ours.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
}

/// Every use of a field in a template.
pub(crate) fn uses(text: &str) -> Result<Vec<Use>, Wrong> {
    let template = Template::compile(text).map_err(|error| {
        let (line, column) = error.pos().unwrap_or((1, 1));
        Wrong { line, column, message: error.reason().to_string() }
    })?;
    let mut walker = Walker { scopes: vec![Vec::new()], uses: Vec::new() };
    walker.template(&template)?;
    Ok(walker.uses)
}

struct Walker {
    /// The fields that lead to each open `#each`, outermost first.
    scopes: Vec<Vec<String>>,
    uses: Vec<Use>,
}

impl Walker {
    fn template(&mut self, template: &Template) -> Result<(), Wrong> {
        for (element, mapping) in template.elements.iter().zip(&template.mapping) {
            let place = (mapping.0, mapping.1);
            match element {
                TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
                TemplateElement::Expression(expression) | TemplateElement::HtmlExpression(expression) => {
                    if !expression.params.is_empty() {
                        return Err(wrong(place, format!("no helper is called `{}`", name(expression))));
                    }
                    self.parameter(&expression.name, place)?;
                }
                TemplateElement::HelperBlock(block) => self.block(block, place)?,
                _ => return Err(wrong(place, "partials and decorators are not used here".to_owned())),
            }
        }
        Ok(())
    }

    fn block(&mut self, block: &HelperTemplate, place: (usize, usize)) -> Result<(), Wrong> {
        let [parameter] = block.params.as_slice() else {
            return Err(wrong(place, format!("`#{}` takes one parameter", name(block))));
        };
        let fields = self.parameter(parameter, place)?;
        match name(block) {
            "if" | "unless" => self.branches(block),
            "each" => {
                self.scopes.push(fields);
                let result = self.branches(block);
                self.scopes.pop();
                result
            }
            other => Err(wrong(place, format!("`#{other}` is not used here; `#if`, `#unless` and `#each` are"))),
        }
    }

    fn branches(&mut self, block: &HelperTemplate) -> Result<(), Wrong> {
        for branch in [&block.template, &block.inverse].into_iter().flatten() {
            self.template(branch)?;
        }
        Ok(())
    }

    /// Notes the use of a variable; gives the fields that lead to it.
    fn parameter(&mut self, parameter: &Parameter, place: (usize, usize)) -> Result<Vec<String>, Wrong> {
        let raw = match parameter {
            Parameter::Name(name) => name.as_str(),
            Parameter::Path(Path::Local(_)) => return Ok(Vec::new()),
            Parameter::Path(Path::Relative((segments, raw))) => {
                let plain = |segment: &PathSeg| matches!(segment, PathSeg::Named(_) | PathSeg::Ruled(_));
                debug_assert!(segments.iter().all(plain));
                raw.as_str()
            }
            _ => return Err(wrong(place, "only names of fields are used here".to_owned())),
        };
        let mut depth = self.scopes.len() - 1;
        let mut rest = raw;
        while let Some(outer) = rest.strip_prefix("../") {
            depth = depth.checked_sub(1).ok_or_else(|| wrong(place, format!("`{raw}` leads out of the context")))?;
            rest = outer;
        }
        let mut fields = self.scopes[depth].clone();
        let names = rest.split(['.', '/']).filter(|name| !name.is_empty() && *name != "this");
        fields.extend(names.map(str::to_owned));
        self.uses.push(Use { fields: fields.clone(), line: place.0, column: place.1 });
        Ok(fields)
    }
}

fn name(helper: &HelperTemplate) -> &str {
    helper.name.as_name().unwrap_or("?")
}

fn wrong((line, column): (usize, usize), message: String) -> Wrong {
    Wrong { line, column, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<String> {
        uses(text).unwrap().into_iter().map(|used| used.fields.join(".")).collect()
    }

    #[test]
    fn fields_are_found_through_loops_and_conditions() {
        let text = "{{a}}\n{{#each b}}{{c}}{{#each this.d}}{{this}}{{../e}}{{../../f}}{{@index}}{{/each}}{{/each}}\n{{#if g}}{{h}}{{else}}{{i}}{{/if}}";
        assert_eq!(fields(text), ["a", "b", "b.c", "b.d", "b.d", "b.e", "f", "g", "h", "i"]);
    }

    #[test]
    fn places_are_those_of_the_template() {
        let used = uses("x\n  {{a}}\n").unwrap();
        assert_eq!((used[0].line, used[0].column), (2, 3));
    }

    #[test]
    fn what_is_not_used_here_is_wrong() {
        for text in ["{{> partial}}", "{{lookup a b}}", "{{#with a}}{{/with}}", "{{#if a}}", "{{../a}}"] {
            assert!(uses(text).is_err(), "{text}");
        }
    }
}
