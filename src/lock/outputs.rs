//! The outputs of an instance that is at work: it may claim more of them, and give some up. Knows nothing of what is
//! driven.

use super::claim::claims_of;
use super::instance_lock::{LAUNCH_PATIENCE, Lock};
use super::probe;
use super::refusal::Refusal;
use super::second_anchor::Resource;
use crate::rig::Address;

impl Lock {
    /// Claims those of `outputs` too that are not this instance's yet: all of them, or none. Waits a second at most
    /// for a launch that is half-way through.
    ///
    /// # Errors
    /// [`Refusal::OutputClaimed`] names who has one. The others tell what to mend; nothing has changed then.
    pub fn claim_also(&mut self, outputs: &[Address]) -> Result<(), Refusal> {
        let directory = self.dir().path().to_owned();
        let failed = |error| Refusal::io(format!("marking {}", directory.display()), error);
        let is_new = |output: &Address| !self.outputs().iter().any(|own| own.is_same_output(*output));
        let new: Vec<Address> = claims_of(outputs).into_iter().filter(is_new).collect();
        if new.is_empty() {
            return Ok(());
        }
        let anchor = self.anchor();
        let mutex = anchor.launch_mutex_within(LAUNCH_PATIENCE).map_err(failed)?;
        let mutex = mutex.ok_or_else(|| Refusal::Blocked { directory: directory.clone() })?;
        for output in &new {
            if let Some(pid) = anchor.owner_of(Resource::Output(*output)).map_err(failed)? {
                let holder = probe::holder_marked(self.dir(), pid, None)?.into();
                return Err(Refusal::OutputClaimed { output: *output, holder });
            }
        }
        let marked = new.iter().try_for_each(|output| mutex.mark(Resource::Output(*output)));
        if let Err(error) = marked {
            // What cannot be freed here falls with the instance.
            new.iter().for_each(|output| _ = anchor.unmark(Resource::Output(*output)));
            return Err(failed(error));
        }
        drop(mutex);
        self.set_outputs([self.outputs(), &new].concat());
        Ok(())
    }

    /// Gives up every output that is none of `outputs`. They must be safe and released. A mark that cannot be freed
    /// falls with the instance.
    pub fn release_but(&mut self, outputs: &[Address]) {
        let claims = claims_of(outputs);
        let is_kept = |own: &Address| claims.iter().any(|output| output.is_same_output(*own));
        let (kept, given_up): (Vec<Address>, Vec<Address>) =
            self.outputs().iter().partition(|own| is_kept(own));
        given_up.iter().for_each(|output| _ = self.anchor().unmark(Resource::Output(*output)));
        self.set_outputs(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::second_anchor::SecondAnchor;
    use crate::lock::{Claim, LockDir, Name};
    use crate::rig::{Chain, Line};

    fn outputs(bcms: &[u8]) -> Vec<Address> {
        bcms.iter().map(|bcm| Line::new(*bcm).unwrap().into()).collect()
    }

    #[test]
    fn a_chain_is_claimed_with_all_its_lines_and_given_up_with_them() {
        let folder = tempfile::tempdir().unwrap();
        let dir = LockDir::open(folder.path().join("lock")).unwrap();
        let [data, clock, latch] = [10, 11, 8].map(|bcm| Line::new(bcm).unwrap());
        let chain = Chain::new(data, clock, latch, None, 2).unwrap();
        let [first, last] = [0, 15].map(|number| Address::Chain(chain.output(number).unwrap()));
        let claim = Claim { outputs: vec![first], ..Claim::simple(Name::MACHINE) };
        let mut lock = Lock::acquire(&dir, claim).unwrap();
        let others = SecondAnchor::on(&dir).unwrap();
        let is_claimed = |line: Line| others.owner_of(Resource::Output(line.into())).unwrap().is_some();
        assert_eq!([data, clock, latch].map(is_claimed), [true; 3]);
        lock.claim_also(&[last]).unwrap();
        lock.release_but(&[last]);
        assert_eq!([data, clock, latch].map(is_claimed), [true; 3]);
        lock.while_no_launch(|is_anothers| assert!(!is_anothers(first))).unwrap();
        lock.release_but(&outputs(&[11]));
        assert_eq!([data, clock, latch].map(is_claimed), [false, true, false]);
        let mutex = others.try_launch_mutex().unwrap().expect("nobody launches");
        mutex.mark(Resource::Output(latch.into())).unwrap();
        drop(mutex);
        lock.while_no_launch(|is_anothers| assert!(is_anothers(last), "by one of its lines")).unwrap();
        let refused = lock.claim_also(&[first]).unwrap_err().to_string();
        assert!(refused.starts_with("GPIO 8 is in use by another instance"), "{refused}");
    }

    #[test]
    fn outputs_are_claimed_and_given_up_while_the_lock_is_held() {
        let folder = tempfile::tempdir().unwrap();
        let dir = LockDir::open(folder.path().join("lock")).unwrap();
        let claim = Claim { outputs: outputs(&[4, 5]), ..Claim::simple(Name::MACHINE) };
        let mut lock = Lock::acquire(&dir, claim).unwrap();
        let others = SecondAnchor::on(&dir).unwrap();
        let is_claimed = |bcm: u8| {
            let output = Resource::Output(Line::new(bcm).unwrap().into());
            others.owner_of(output).unwrap().is_some()
        };
        let claimed = || [4, 5, 17, 27].map(is_claimed);
        assert_eq!(claimed(), [true, true, false, false]);
        lock.claim_also(&outputs(&[5, 17])).unwrap();
        assert_eq!(claimed(), [true, true, true, false]);
        lock.release_but(&outputs(&[5, 17]));
        assert_eq!(claimed(), [false, true, true, false]);

        let mutex = others.try_launch_mutex().unwrap().expect("nobody launches");
        mutex.mark(Resource::Output(Line::new(27).unwrap().into())).unwrap();
        let refused = lock.claim_also(&outputs(&[22, 27])).unwrap_err();
        assert!(matches!(refused, Refusal::Blocked { .. }), "{refused}");
        drop(mutex);
        let refused = lock.claim_also(&outputs(&[22, 27])).unwrap_err().to_string();
        assert!(refused.starts_with("GPIO 27 is in use by another instance"), "{refused}");
        assert!(!is_claimed(22), "all of them or none");
        drop(lock);
        assert_eq!(claimed(), [false; 4]);
    }
}
