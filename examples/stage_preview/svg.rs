//! A terminal picture as a drawing for web pages. Half cells are drawn as rectangles rather than
//! letters, so that they meet without gaps in whatever font the reader has.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// A cell, in drawing units; its halves are nearly square.
const WIDTH: u16 = 10;
const HEIGHT: u16 = 20;
const MARGIN: u16 = 14;

pub(crate) fn draw(picture: &Buffer) -> String {
    let (width, height) =
        (picture.area.width * WIDTH + 2 * MARGIN, picture.area.height * HEIGHT + 2 * MARGIN);
    let night = paint(picture[(0, 0)].bg);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"16\">\n\
         <title>A show on starcourt's stage in a terminal</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"12\" fill=\"{night}\"/>\n"
    );
    for y in 0..picture.area.height {
        // Light first, in runs of one colour; then what is written over it.
        for half in 0..2 {
            light(picture, y, half, &night, &mut svg);
        }
        for x in 0..picture.area.width {
            letter(&picture[(x, y)], x, y, &mut svg);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn light(picture: &Buffer, y: u16, half: u16, night: &str, svg: &mut String) {
    let colour = |x: u16| {
        let cell = &picture[(x, y)];
        paint(if half == 0 && cell.symbol() == "▀" { cell.fg } else { cell.bg })
    };
    let mut x = 0;
    while x < picture.area.width {
        let start = x;
        let fill = colour(start);
        while x < picture.area.width && colour(x) == fill {
            x += 1;
        }
        if fill != night {
            let (left, top) = (MARGIN + start * WIDTH, MARGIN + y * HEIGHT + half * HEIGHT / 2);
            // A little overlap hides the seams that antialiasing leaves between neighbours.
            let (width, height) = ((x - start) * WIDTH, HEIGHT / 2);
            svg.push_str(&format!(
                "<path fill=\"{fill}\" d=\"M{left} {top}h{width}.5v{height}.5h-{width}.5z\"/>\n"
            ));
        }
    }
}

fn letter(cell: &Cell, x: u16, y: u16, svg: &mut String) {
    if matches!(cell.symbol(), " " | "▀") {
        return;
    }
    let fill = paint(cell.fg);
    let (left, top) = (MARGIN + x * WIDTH, MARGIN + y * HEIGHT);
    let middle = top + HEIGHT / 2;
    let line = |thick: u16, from: u16, long: u16| {
        let from = left + from;
        format!("<path stroke=\"{fill}\" stroke-width=\"{thick}\" d=\"M{from} {middle}h{long}\"/>\n")
    };
    svg.push_str(&match cell.symbol() {
        "━" => line(3, 0, WIDTH),
        "╾" => line(3, 0, WIDTH / 2) + &line(1, WIDTH / 2, WIDTH / 2),
        "─" => line(1, 0, WIDTH),
        symbol => {
            let weight = if cell.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
            let (base, symbol) = (top + 15, escaped(symbol));
            format!("<text x=\"{left}\" y=\"{base}\" fill=\"{fill}\"{weight}>{symbol}</text>\n")
        }
    });
}

fn escaped(symbol: &str) -> String {
    symbol.replace('&', "&amp;").replace('<', "&lt;")
}

fn paint(colour: Color) -> String {
    match colour {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        other => unreachable!("a picture in all colours has no {other}"),
    }
}
