//! Files that belong beside images: world files, `.prj`, `.aux.xml`, metadata of providers. They come before their image, with it or after
//! it; one that comes after has its image read again.

use super::work::Work;
use super::{Desk, read};
use crate::georeference::belongs;

/// What lies beside the images.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Id and name; of several with one name the last counts.
    files: Vec<(u32, String)>,
    /// Came since the images were last looked through.
    fresh: Vec<u32>,
    /// Images that are read again go by another id, so that nothing that was made of them before is taken for theirs.
    renamed: Vec<(u32, u32)>,
}

impl Beside {
    pub(super) fn keep(&mut self, id: u32, name: &str) {
        self.files.retain(|(_, other)| !other.eq_ignore_ascii_case(name));
        self.files.push((id, name.to_owned()));
        self.fresh.push(id);
    }
}

impl Desk {
    /// Ids of the files that belong beside an image.
    pub fn beside(&self, picture: u32) -> Vec<u32> {
        let Some(picture) = self.picture(picture) else { return Vec::new() };
        self.beside.files.iter().filter(|(_, name)| belongs(name, &picture.file)).map(|(id, _)| *id).collect()
    }

    /// Whether this id is that of a file beside an image, found or awaited.
    pub fn keeps(&self, id: u32) -> bool {
        self.beside.files.iter().any(|(kept, _)| *kept == id)
    }

    /// Images that go by another id now, old and new; asking forgets them.
    pub fn take_renamed(&mut self) -> Vec<(u32, u32)> {
        std::mem::take(&mut self.beside.renamed)
    }

    /// Has the images read again that a new file belongs to, unless their turn has yet to come.
    pub(super) fn read_again(&mut self) {
        let fresh = std::mem::take(&mut self.beside.fresh);
        let names: Vec<String> =
            self.beside.files.iter().filter(|(id, _)| fresh.contains(id)).map(|(_, name)| name.clone()).collect();
        let touched: Vec<u32> = self
            .pictures
            .iter()
            .filter(|p| !p.synthetic && names.iter().any(|name| belongs(name, &p.file)))
            .map(|p| p.id)
            .filter(|id| !self.ledger.queues(*id))
            .collect();
        for old in touched {
            self.last_id += 1;
            let new = self.last_id;
            let Some(picture) = self.picture_mut(old) else { continue };
            picture.id = new;
            let work: Work = read(picture);
            let name = |id: u32| if id == old { new } else { id };
            for place in [&mut self.before, &mut self.after] {
                *place = place.map(name);
            }
            // The pixels stay, so what a person did on them holds.
            self.correcting.rename(&name);
            self.hand.rename(&name);
            self.pairs.rename(&name);
            self.refused = false;
            self.beside.renamed.push((old, new));
            self.ledger.queue(work);
        }
    }

    /// Says which files still wait for their image.
    pub(super) fn name_waiting(&mut self) {
        let waits = |name: &str| !self.pictures.iter().any(|p| belongs(name, &p.file));
        let waiting: Vec<String> = self.beside.files.iter().map(|(_, name)| name.clone()).filter(|name| waits(name)).collect();
        for name in waiting {
            let message = format!("{name} waits for the image it belongs to. Add the image of the same name.");
            self.say("sidecar-waits", message, Some(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{add, codes, dropped, pair, work_off};
    use super::*;
    use crate::align::Status;
    use crate::pipeline::Side;
    use crate::web::command::Command;
    use crate::web::snapshot::Phase;

    #[test]
    fn with_the_image_or_before_it_a_file_is_there_when_the_image_is_read() {
        for drops in [vec![vec!["b.tfw", "a.tif", "b.tif", "b.prj"]], vec![vec!["b.tfw", "B.PRJ"], vec!["a.tif"], vec!["b.tif"]]]
        {
            let mut desk = Desk::default();
            for files in &drops {
                add(&mut desk, files);
            }
            let mut beside = Vec::new();
            while let Some((_, work)) = desk.next_work(0.0) {
                let Work::Read { picture, file } = work else { panic!("images are to be read") };
                beside.push((file, desk.beside(picture).len()));
            }
            assert_eq!(beside, [("a.tif".to_owned(), 0), ("b.tif".to_owned(), 2)]);
        }
    }

    #[test]
    fn a_file_that_comes_later_has_its_image_read_again_under_another_id() {
        let (mut desk, _) = dropped(&["a.tif", "b.tif"]);
        let before = desk.side(Side::Before).expect("two images");
        add(&mut desk, &["a.tfw"]);
        let renamed = desk.take_renamed();
        assert_eq!((renamed.len(), renamed[0].0), (1, before));
        assert_eq!(desk.snapshot(0.0).phase, Phase::Working);
        let snapshot = work_off(&mut desk, Status::Pass);
        assert_eq!((snapshot.phase, pair(&snapshot)), (Phase::Ready, (Some("a.tif"), Some("b.tif"))));
        assert_eq!(desk.side(Side::Before), Some(renamed[0].1));
        assert_eq!(desk.beside(renamed[0].1).len(), 1);
    }

    #[test]
    fn a_file_that_comes_later_takes_no_correction_away() {
        let (mut desk, snapshot) = dropped(&["a.tif", "b.tif"]);
        let new = snapshot.cars.iter().find(|car| car.key == "a3").expect("a new car");
        desk.command(Command::RejectCar { key: new.key.clone(), at: None });
        add(&mut desk, &["b.tfw"]);
        let snapshot = work_off(&mut desk, Status::Pass);
        assert_eq!((snapshot.phase, snapshot.corrections.rejected), (Phase::Ready, 1));
        desk.command(Command::UndoEdit);
        assert_eq!(desk.snapshot(0.0).corrections.rejected, 0);
    }

    #[test]
    fn a_file_without_an_image_is_said_to_wait() {
        let (mut desk, snapshot) = dropped(&["c.tfw"]);
        assert_eq!((snapshot.phase, codes(&snapshot)), (Phase::Empty, vec!["sidecar-waits"]));
        add(&mut desk, &["a.tif", "b.tif"]);
        let snapshot = work_off(&mut desk, Status::Pass);
        assert_eq!((snapshot.phase, codes(&snapshot)), (Phase::Ready, vec!["sidecar-waits"]), "it still does");
    }
}
