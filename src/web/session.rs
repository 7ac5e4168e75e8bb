//! The one handle the shell holds: commands and files go in, snapshots come out.

use super::command::Command;
use super::desk::LOUPE_PX;
use super::page::Page;
use super::picture::Dropped;
use crate::pipeline::Side;
use js_sys::{Array, Function};
use serde::Deserialize;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{File, HtmlCanvasElement, HtmlElement};

/// What a script may say of the files it opens, in the order of the files; `null` where it knows nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    /// Metres a pixel.
    gsd_m: Vec<Option<f64>>,
    /// ISO 8601.
    dates: Vec<Option<String>>,
}

/// The page: what lies on its desk, its workers, its map.
#[wasm_bindgen]
pub struct Session {
    page: Rc<Page>,
}

#[wasm_bindgen]
impl Session {
    /// Starts the workers and puts a map into `map`. `on_snapshot` is called with every new snapshot.
    ///
    /// `module` is the compiled module this instance was made from, `worker_url` a blob with the workers' script.
    ///
    /// # Errors
    /// What the browser says when it starts no workers.
    #[wasm_bindgen(constructor)]
    pub fn new(module: JsValue, worker_url: String, map: HtmlElement, on_snapshot: Function) -> Result<Session, JsValue> {
        std::panic::set_hook(Box::new(|panic| LAST_PANIC.set(Some(panic.to_string()))));
        Ok(Self { page: Page::open(module, worker_url, map, on_snapshot)? })
    }

    /// Does what a command says (see [`Command`]) and returns the snapshot after it.
    ///
    /// # Errors
    /// A command that is none.
    pub fn command(&self, command: JsValue) -> Result<JsValue, JsValue> {
        self.page.command(serde_wasm_bindgen::from_value::<Command>(command)?);
        Ok(self.page.snapshot())
    }

    /// Lays `File`s on the desk. `options` may hold `gsdM` and `dates`, each an array in the order of the files.
    ///
    /// # Errors
    /// Options that are none.
    #[wasm_bindgen(js_name = addFiles)]
    pub fn add_files(&self, files: &Array, options: JsValue) -> Result<(), JsValue> {
        let options: Options = if options.is_object() { serde_wasm_bindgen::from_value(options)? } else { Options::default() };
        let files = files.iter().filter_map(|file| file.dyn_into::<File>().ok()).enumerate().map(|(index, file)| {
            let dropped = Dropped {
                file: file.name(),
                bytes: file.size() as u64,
                synthetic: false,
                gsd_m: options.gsd_m.get(index).copied().flatten(),
                date: options.dates.get(index).cloned().flatten(),
            };
            (dropped, file)
        });
        self.page.add(files.collect());
        Ok(())
    }

    /// The state of the page.
    pub fn snapshot(&self) -> JsValue {
        self.page.snapshot()
    }

    /// The `compare` document of what is shown, edits included; `null` while there is no answer.
    pub fn report(&self) -> JsValue {
        self.page.report()
    }

    /// Memory that each worker has taken by what it last said, the one that draws first, bytes.
    #[wasm_bindgen(js_name = memoryBytes)]
    pub fn memory_bytes(&self) -> Vec<f64> {
        self.page.memory_bytes()
    }

    /// Paints on `canvas` what the loupe of a side (`before`, `after`) shows of its image, [`LOUPE_PX`] pixels square.
    #[wasm_bindgen(js_name = paintLoupe)]
    pub fn paint_loupe(&self, side: &str, canvas: HtmlCanvasElement) {
        let side_px = LOUPE_PX as u32;
        // A canvas is emptied by saying its size, also the one it has.
        if canvas.width() != side_px || canvas.height() != side_px {
            canvas.set_width(side_px);
            canvas.set_height(side_px);
        }
        self.page.paint_loupe(if side == "after" { Side::After } else { Side::Before }, canvas);
    }

    /// Takes a record of earlier counts (see [`crate::record::read_csv`]) in place of the published one.
    #[wasm_bindgen(js_name = setRecord)]
    pub fn set_record(&self, file: &str, bytes: &[u8]) {
        self.page.set_record(file, bytes);
    }

    /// Opens a project (`.sidings`). Gives the images that came along as an array of `File`s, to be added; the others are awaited.
    #[wasm_bindgen(js_name = openProject)]
    pub fn open_project(&self, file: &str, bytes: &[u8]) -> Array {
        self.page.open_project(file, bytes)
    }

    /// Opens a state that [`Session::state`] gave.
    #[wasm_bindgen(js_name = openState)]
    pub fn open_state(&self, name: &str, text: &str) {
        self.page.open_state(name, text);
    }

    /// What a person did so far, as text; `undefined` while there is nothing to keep.
    pub fn state(&self) -> Option<String> {
        self.page.state()
    }

    /// The user's own places, as text.
    pub fn places(&self) -> String {
        self.page.places()
    }

    /// Takes up places that [`Session::places`] gave.
    #[wasm_bindgen(js_name = setPlaces)]
    pub fn set_places(&self, text: &str) {
        self.page.set_places(text);
    }

    /// The files of the images, in the order in which [`Session::save_project`] takes their bytes.
    #[wasm_bindgen(js_name = imageFiles)]
    pub fn image_files(&self) -> Array {
        self.page.image_files()
    }

    /// Hands the project to the browser's downloads; `images` holds the bytes of all images, or of none.
    #[wasm_bindgen(js_name = saveProject)]
    pub fn save_project(&self, images: &Array) {
        self.page.save_project(images);
    }

    /// Takes tracks (see [`crate::tracks_file`]) in place of those that are found.
    #[wasm_bindgen(js_name = setTracks)]
    pub fn set_tracks(&self, file: &str, bytes: Vec<u8>) {
        self.page.set_tracks(file, bytes);
    }

    /// Hands over the engine as the page carries it, packed by gzip: the module, and the script of a worker.
    #[wasm_bindgen(js_name = setEngine)]
    pub fn set_engine(&self, module: js_sys::Uint8Array, worker: js_sys::Uint8Array) {
        self.page.set_engine(module, worker);
    }

    /// The statement in three lengths (`short`, `medium`, `long`: paragraphs), and the lines that `embed` a story; `null` while there is no answer.
    pub fn texts(&self, language: &str) -> JsValue {
        self.page.texts(language)
    }

    /// Hands over the map behind the empty page, GeoJSON with `properties.kind`: `land`, `border`, `river`, `railway`, `facility`.
    #[wasm_bindgen(js_name = setLocator)]
    pub fn set_locator(&self, geojson: &JsValue) {
        self.page.set_locator(geojson);
    }
}

thread_local! {
    /// What the page's own instance said when it broke down.
    static LAST_PANIC: Cell<Option<String>> = const { Cell::new(None) };
}

/// What the core said when it broke down on the page's own thread; told once. `undefined` where it didn't.
#[wasm_bindgen(js_name = lastPanic)]
pub fn last_panic() -> Option<String> {
    LAST_PANIC.take()
}
