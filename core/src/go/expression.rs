//! Constant expressions of numbers: `64 * 1024`, `1 << 20`, `0600`.

/// A constant expression of numbers as gofmt writes it, if it is one that compiles: numbers, and operators between them.
pub fn number_expression(text: &str) -> Option<String> {
    let tokens = tokens(text)?;
    let (numbers, operators): (Vec<&str>, Vec<&str>) =
        (tokens.iter().copied().step_by(2).collect(), tokens.iter().copied().skip(1).step_by(2).collect());
    if numbers.len() != operators.len() + 1 {
        return None;
    }
    if operators.is_empty() {
        return is_number(numbers[0]).then(|| numbers[0].to_owned());
    }
    value(&numbers, &operators)?;
    // Of two precedences, gofmt writes the higher one without spaces.
    let mixed = operators.iter().any(|known| binds(known)) && operators.iter().any(|known| !binds(known));
    let mut written = numbers[0].to_owned();
    for (operator, number) in operators.iter().zip(&numbers[1..]) {
        let gap = if mixed && binds(operator) { "" } else { " " };
        written.extend([gap, operator, gap, number]);
    }
    Some(written)
}

/// Whether a text is one number as Go writes it.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = |part: &str| {
        !part.is_empty() && part.split('_').all(|run| !run.is_empty() && run.chars().all(|c| c.is_ascii_digit()))
    };
    whole(text).is_some() || digits.contains('.') && !leads(digits) && digits.splitn(2, '.').all(plain)
}

fn leads(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.")
}

/// The value of a whole number: decimal, hexadecimal, octal or binary.
fn whole(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (radix, run) = match digits.get(..2).unwrap_or_default() {
        "0x" => (16, &digits[2..]),
        "0o" => (8, &digits[2..]),
        "0b" => (2, &digits[2..]),
        _ if leads(digits) => (8, &digits[1..]),
        _ => (10, digits),
    };
    let is_written = run.split('_').all(|part| !part.is_empty() && part.chars().all(|c| c.is_digit(radix)));
    let number = i128::from_str_radix(&run.replace('_', ""), radix).ok().filter(|_| is_written)?;
    // What no integer of Go holds does not compile.
    (number <= i128::from(u64::MAX)).then_some(sign * number)
}

/// Whether an operator binds like `*`, and not like `+`.
fn binds(operator: &str) -> bool {
    !matches!(operator, "+" | "-" | "|")
}

/// Numbers and operators in turn.
fn tokens(text: &str) -> Option<Vec<&str>> {
    const LONGEST: usize = 200;
    let mut found = Vec::new();
    let mut rest = text.trim();
    if rest.len() > LONGEST {
        return None;
    }
    while !rest.is_empty() {
        let length = if found.len() % 2 == 1 {
            ["<<", ">>", "*", "/", "%", "+", "-", "|", "&"].iter().find(|known| rest.starts_with(**known))?.len()
        } else {
            let sign = usize::from(rest.starts_with('-') && found.is_empty());
            let is_digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
            rest[sign..].find(|c| !is_digit(c)).map_or(rest.len(), |end| sign + end)
        };
        if length == 0 {
            return None;
        }
        found.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    Some(found)
}

/// The value, if every step has one.
fn value(numbers: &[&str], operators: &[&str]) -> Option<i128> {
    let mut sums = vec![whole(numbers[0])?];
    let mut signs = Vec::new();
    for (operator, number) in operators.iter().zip(&numbers[1..]) {
        let number = whole(number)?;
        if !binds(operator) {
            signs.push(*operator);
            sums.push(number);
            continue;
        }
        let last = sums.last_mut()?;
        let bits = || u32::try_from(number).ok().filter(|bits| *bits < 64);
        *last = match *operator {
            "*" => last.checked_mul(number),
            "/" => last.checked_div(number),
            "%" => last.checked_rem(number),
            "<<" => last.checked_mul(1_i128.checked_shl(bits()?)?),
            ">>" => last.checked_shr(bits()?),
            _ => Some(*last & number),
        }?;
    }
    let mut total = *sums.first()?;
    for (sign, number) in signs.iter().zip(&sums[1..]) {
        total = match *sign {
            "+" => total.checked_add(*number),
            "-" => total.checked_sub(*number),
            _ => Some(total | number),
        }?;
    }
    let fits = total >= i128::from(i64::MIN) && total <= i128::from(u64::MAX);
    fits.then_some(total)
}

#[cfg(test)]
mod tests {
    use super::number_expression;

    #[test]
    fn what_compiles_is_written_as_gofmt_does() {
        for (text, written) in [
            ("5", Some("5")),
            ("-1.5", Some("-1.5")),
            ("0600", Some("0600")),
            ("0o644", Some("0o644")),
            ("0xfF", Some("0xfF")),
            ("0b101", Some("0b101")),
            ("1_000", Some("1_000")),
            ("64*1024", Some("64 * 1024")),
            ("1<<20", Some("1 << 20")),
            ("1 << 20 - 1", Some("1<<20 - 1")),
            ("2 * 3 + 4", Some("2*3 + 4")),
            ("0680", None),
            ("0x", None),
            ("1 << 64", None),
            ("1 / 0", None),
            ("4 % 0", None),
            ("1 <<", None),
            ("* 4", None),
            ("2 ** 3", None),
            ("1.5 << 2", None),
            ("f(2)", None),
            ("5 apples", None),
            ("99999999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(number_expression(text).as_deref(), written, "{text}");
        }
    }
}
