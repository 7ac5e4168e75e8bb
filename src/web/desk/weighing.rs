//! Images that need much memory: weighed together before any of them is decoded, and offered smaller where they don't fit.

use super::Desk;
use super::work::Work;
use crate::decode::REDUCTIONS;
use crate::web::budget::{Budget, Extent};
use crate::web::picture::Picture;
use crate::web::snapshot::{OfferView, Overview, Problem};

/// Code of the problem that an image too large for the page is.
const TOO_LARGE: &str = "too-large";

/// Most pixels at which the change of the ground is worked out.
const CHANGE_MAX_PX: u64 = 20_000_000;

/// An image that waits to be weighed, or was found too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// What its header says.
    pub extent: Extent,
    /// By how much smaller it can be read; `None` while it isn't weighed, and when nothing would help but cropping.
    pub offer: Option<u32>,
}

impl Desk {
    /// What the machine has, as far as the browser says.
    pub fn set_memory(&mut self, memory_gb: Option<f64>) {
        self.budget = Budget::of_device(memory_gb);
    }

    /// Most that an image may need to be decoded at once.
    pub fn at_once_bytes(&self) -> u64 {
        self.budget.at_once_bytes()
    }

    /// Whether the images on the desk are so large that no two workers may hold them, nor two jobs run at a time.
    pub fn heavy(&self) -> bool {
        self.pictures.iter().any(|p| p.heavy)
    }

    /// How many workers there are.
    pub fn set_workers(&mut self, workers: usize) {
        self.workers = workers;
    }

    /// Whether each image of a heavy pair lies in a worker of its own, until something needs both in one: then the other worker is let go, and with it
    /// its memory.
    pub fn one_each(&self) -> bool {
        self.one_each
    }

    /// One worker gets both.
    pub fn join(&mut self) {
        self.one_each = false;
    }

    /// Those that are.
    pub fn heavy_ids(&self) -> Vec<u32> {
        self.pictures.iter().filter(|p| p.heavy).map(|p| p.id).collect()
    }

    /// By how much smaller the change of the ground is worked out than the images are read. It takes some sixty bytes a pixel.
    pub fn change_reduction(&self) -> u32 {
        let pixels = |p: &Picture| p.info.as_ref().map(|info| u64::from(info.width) * u64::from(info.height));
        let most = [self.before, self.after].into_iter().filter_map(|id| pixels(self.picture(id?)?)).max().unwrap_or(0);
        let fits = |by: &u32| most / u64::from(by * by) <= CHANGE_MAX_PX;
        std::iter::once(1).chain(REDUCTIONS).find(fits).unwrap_or(1)
    }

    /// Nothing is decoded yet of an image that needs this much.
    pub(super) fn waits(&mut self, picture: u32, extent: Extent) {
        if let Some(picture) = self.picture_mut(picture) {
            picture.waiting = Some(Waiting { extent, offer: None });
        }
    }

    /// Once nothing else is being read: those that fit are read after all, one after the other; of the others it is said what would fit.
    /// `true` when something is read.
    pub(super) fn weigh(&mut self) -> bool {
        let waiting: Vec<(u32, Extent)> = self.pictures.iter().filter_map(|p| Some((p.id, p.waiting.as_ref()?.extent))).collect();
        if waiting.is_empty() {
            return false;
        }
        let held = self.pictures.iter().filter_map(|p| p.need_bytes).max().unwrap_or(0);
        let two_at_most: Vec<Extent> = waiting.iter().map(|(_, extent)| *extent).collect();
        // Two images are compared at a time, whatever else lies beside them.
        let reductions: Vec<Option<u32>> = match &two_at_most[..] {
            [] | [_] => self.budget.reductions(held, &two_at_most),
            [_, _] => self.budget.reductions(0, &two_at_most),
            [..] => two_at_most.iter().map(|one| self.budget.reductions(0, &[*one, *one])[1]).collect(),
        };
        if reductions.iter().all(|by| *by == Some(1)) {
            self.one_each = self.workers > 1 && waiting.len() == 2 && !self.heavy();
            for (id, _) in waiting {
                self.read_smaller(id, 1);
            }
            return true;
        }
        self.problems.retain(|p| p.code != TOO_LARGE);
        for ((id, extent), by) in waiting.into_iter().zip(reductions) {
            let message = self.sentence(&extent, by);
            let Some(picture) = self.picture_mut(id) else { continue };
            if let Some(waiting) = &mut picture.waiting {
                waiting.offer = by;
            }
            let file = picture.file.clone();
            self.problems.push(Problem { code: TOO_LARGE.to_owned(), message, file: Some(file) });
        }
        self.refused |= self.answer().is_none();
        false
    }

    fn sentence(&self, extent: &Extent, by: Option<u32>) -> String {
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        let Extent { width, height, .. } = extent;
        let need = format!(
            "The image is {width} × {height} pixels; comparing it needs about {} MB of memory, and two images may take {} MB together.",
            mib(extent.need_bytes(1)),
            mib(self.budget.bytes)
        );
        let advice = match by {
            Some(1) => "It fits by itself, but not beside the other image as that is.".to_owned(),
            Some(by) => {
                let (width, height) = extent.size(by);
                format!(
                    "Crop it to the yard, or open a smaller copy of it: {width} × {height} pixels, each the mean of {by} × {by}."
                )
            }
            None => "Crop it to the yard; it can't be read as a smaller copy.".to_owned(),
        };
        format!("{need} {advice}")
    }

    /// Reads what was offered.
    pub(super) fn open_overviews(&mut self) {
        if self.ledger.busy() {
            return;
        }
        let offered: Vec<(u32, u32)> = self.pictures.iter().filter_map(|p| Some((p.id, p.waiting.as_ref()?.offer?))).collect();
        if offered.is_empty() {
            return;
        }
        self.problems.retain(|p| p.code != TOO_LARGE);
        self.refused = false;
        for (id, by) in offered {
            self.read_smaller(id, by);
        }
    }

    fn read_smaller(&mut self, id: u32, by: u32) {
        let Some(picture) = self.picture_mut(id) else { return };
        let Some(Waiting { extent, .. }) = picture.waiting.take() else { return };
        (picture.reduction, picture.heavy) = (by, true);
        picture.need_bytes = Some(extent.need_bytes(by));
        // What was said of the file's scale holds for its own pixels.
        picture.user_gsd_m = picture.user_gsd_m.map(|gsd_m| gsd_m * f64::from(by));
        let work = Work::Read { picture: id, file: picture.file.clone() };
        self.ledger.queue(work);
    }

    /// What the shell shows of it.
    pub(super) fn offer_view(&self) -> Option<OfferView> {
        let overview = |p: &Picture| {
            let Waiting { extent, offer } = p.waiting?;
            let size = offer.map(|by| extent.size(by));
            Some(Overview {
                file: p.file.clone(),
                width: extent.width,
                height: extent.height,
                need_bytes: extent.need_bytes(1),
                by: offer,
                overview_width: size.map(|s| s.0),
                overview_height: size.map(|s| s.1),
            })
        };
        let images: Vec<Overview> = self.pictures.iter().filter_map(overview).collect();
        (!images.is_empty() && !self.ledger.busy()).then_some(OfferView { budget_bytes: self.budget.bytes, images })
    }
}
