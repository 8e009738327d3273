//! Lines that share a mode register, taken and let go by several processes at the same moment: none undoes
//! what another has made of its line.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use starcourt::output::gpio::Gpio;
use starcourt::output::{Signal, Wire};
use starcourt::rig::{Line, Release};

use crate::fake_pi::FakePi;

const LINE: &str = "STARCOURT_TEST_LINE";
const TEST: &str = "modes::two_processes_that_take_lines_at_the_same_moment_lose_none";
/// All in one register: 10 to 19.
const LINES: [usize; 3] = [11, 12, 17];
const TIME: Duration = Duration::from_millis(1_500);

/// Whether the line is an output, as the registers have it.
fn is_output(line: usize) -> bool {
    let registers = std::fs::read("/dev/gpiomem").unwrap();
    let at = line / 10 * 4;
    let select = u32::from_ne_bytes(registers[at..at + 4].try_into().unwrap());
    select >> (line % 10 * 3) & 0b111 == 1
}

/// Takes the line, looks for a moment whether it keeps it, and lets it go; again and again.
fn take_and_let_go(line: usize) {
    let wire = Wire { line: Line::new(line as u8).unwrap(), safe: Signal::Low };
    let start = Instant::now();
    let mut times = 0;
    while start.elapsed() < TIME {
        let gpio = Gpio::open(&[wire], Release::Input).unwrap();
        for _ in 0..20 {
            assert!(is_output(line), "GPIO {line} was lost at time {times}");
        }
        drop(gpio);
        assert!(!is_output(line), "GPIO {line} came back at time {times}");
        times += 1;
    }
    assert!(times > 10, "{times}");
}

#[test]
fn two_processes_that_take_lines_at_the_same_moment_lose_none() {
    let role = std::env::var(LINE).ok().and_then(|line| line.parse().ok());
    if let Some(line) = role {
        return take_and_let_go(line);
    }
    FakePi::new().run(TEST, || {
        let process = |line: &usize| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args([TEST, "--exact", "--nocapture"]).env(LINE, line.to_string());
            command.stdout(Stdio::null()).spawn().unwrap()
        };
        let processes: Vec<_> = LINES.iter().map(process).collect();
        for mut process in processes {
            assert!(process.wait().unwrap().success(), "it lost its line");
        }
    });
}
