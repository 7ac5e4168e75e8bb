//! One map, or two that move together, and what of the two dates each of them shows.

use super::more;
use super::plate::{Exposure, Plate};
use super::tiles::Tiles;
use super::{Touch, place, reduced_motion};
use crate::geometry::Point;
use crate::pipeline::Side;
use crate::web::desk::{Caption, Outline, Sheet, Shown};
use crate::web::labels::Labels;
use crate::web::view::Mode;
use gloo::timers::callback::Timeout;
use js_sys::{Object, Reflect};
use leaflet::{Control, Evented, Map};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::HtmlElement;

/// A car that is panned to is shown at least this large: a pixel of the image on a pixel of the screen.
const PAN_ZOOM_MIN: f64 = 0.0;

/// A place that is looked at closely: each pixel of the image covers four of the screen.
const CLOSE_ZOOM: f64 = 2.0;

/// A map that stands still for this long has come to rest.
const REST_MS: u32 = 80;

/// The maps.
pub struct Stage {
    root: HtmlElement,
    first: Plate,
    second: Option<Plate>,
    touch: Touch,
    rest: Rc<dyn Fn(())>,
    tiles: Rc<Tiles>,
    zoom_buttons: Option<Control>,
    /// What is drawn.
    pub sheet: Sheet,
    divided_at: f64,
    showing_after: bool,
    this: Weak<RefCell<Stage>>,
    listening: Vec<Listening>,
    /// Whether two maps go their own ways; `None` while there is one.
    apart: Option<bool>,
    /// While two maps go together.
    linked: Option<[Listening; 2]>,
}

impl Stage {
    /// One empty map in `root`.
    ///
    /// # Errors
    /// What Leaflet says.
    pub fn new(root: &HtmlElement, touch: Touch, rest: Rc<dyn Fn(())>, tiles: Rc<Tiles>) -> Result<Rc<RefCell<Self>>, JsValue> {
        let first = Plate::new(root, &touch, Side::Before)?;
        let stage = Rc::new(RefCell::new(Self {
            root: root.clone(),
            first,
            second: None,
            touch,
            rest: Rc::clone(&rest),
            tiles,
            zoom_buttons: None,
            sheet: Sheet::default(),
            divided_at: 0.5,
            showing_after: false,
            this: Weak::new(),
            listening: Vec::new(),
            apart: None,
            linked: None,
        }));
        let this = Rc::downgrade(&stage);
        let following = [follow(&stage.borrow().first.map, &this), rested(&stage.borrow().first.map, rest)];
        let mut inner = stage.borrow_mut();
        inner.this = this;
        inner.listening.extend(following);
        drop(inner);
        Ok(stage)
    }

    /// Draws a sheet.
    pub fn show(&mut self, sheet: Sheet, labels: &Labels) {
        let old = std::mem::replace(&mut self.sheet, sheet);
        let two = self.sheet.view.mode == Mode::Side && self.sheet.after.is_some();
        self.divided_at = self.sheet.view.swipe;
        if two != self.second.is_some() {
            self.split(two, labels);
        }
        if two && self.apart != Some(self.sheet.apart) {
            self.link();
        }
        // A date in words costs more than all the rest of a small change.
        let renamed = names(&old) != names(&self.sheet);
        let redraw = two != (old.view.mode == Mode::Side && old.after.is_some());
        let before = if redraw { Sheet { before: old.before, after: old.after, ..Sheet::default() } } else { old };
        self.first.show(&before, &self.sheet, |side| !two || side == Side::Before, &self.tiles);
        if renamed {
            self.first.caption(&self.sheet, labels);
        }
        if let Some(second) = &mut self.second {
            second.show(&before, &self.sheet, |side| side == Side::After, &self.tiles);
            if renamed || redraw {
                second.caption(&self.sheet, labels);
            }
        }
        self.expose();
        self.fit_lines();
    }

    /// Whether the dates alternate by themselves.
    pub fn blinks(&self) -> bool {
        self.sheet.view.mode == Mode::Blink && self.sheet.after.is_some() && !reduced_motion()
    }

    /// The other date, in turn.
    pub fn blink(&mut self) {
        self.showing_after = !self.showing_after;
        self.expose();
    }

    /// The divider is here.
    pub fn divide(&mut self, position: f64) {
        self.divided_at = position;
        self.expose();
    }

    /// The whole of *before*.
    pub fn fit(&self) {
        if let Some(shown) = &self.sheet.before {
            self.first.fit(shown);
        }
        if let (true, Some(shown), Some(second)) = (self.sheet.apart, &self.sheet.after, &self.second) {
            second.fit(shown);
        }
    }

    /// A car into the middle, or, under the swipe, into the middle of what the divider leaves to its date.
    pub fn pan_to(&self, key: &str) {
        let second = || self.second.as_ref()?.outlines.middle(key);
        let Some(middle) = self.first.outlines.middle(key).or_else(second) else { return };
        let zoom = self.first.map.get_zoom().max(PAN_ZOOM_MIN);
        let size = self.first.map.get_size();
        let aside = |span: f64| (0.5 - self.share_of(key)) * span / libm::exp2(zoom);
        let (dx, dy) = if self.sheet.view.mode == Mode::SwipeVertical { (0.0, aside(size.y())) } else { (aside(size.x()), 0.0) };
        more::go_to(&self.first.map, &place(Point::new(middle.x + dx, middle.y + dy)), zoom, !reduced_motion());
    }

    /// A place into the middle, enlarged.
    pub fn look_at(&self, at: Point) {
        more::go_to(&self.first.map, &place(at), self.first.map.get_zoom().max(CLOSE_ZOOM), false);
    }

    /// Keys of the cars that lie in view: each on the map that shows its date.
    pub fn in_view(&self) -> Vec<String> {
        let first = self.first.ground.view();
        let second = self.second.as_ref().map_or(first, |second| second.ground.view());
        let seen = |outline: &&Outline| {
            let [from, to] = if outline.side == Side::After { second } else { first };
            let [a, _, c, _] = outline.corners;
            let (x, y) = ((a.x + c.x) / 2.0, (a.y + c.y) / 2.0);
            x >= from.x && x <= to.x && y >= from.y && y <= to.y
        };
        let keys: BTreeSet<&String> = self.sheet.outlines.iter().filter(seen).map(|outline| &outline.key).collect();
        keys.into_iter().cloned().collect()
    }

    /// Where in the map's width, or in its height, a car is seen best, 0 to 1.
    fn share_of(&self, key: &str) -> f64 {
        if !self.sheet.view.mode.divides() || self.sheet.after.is_none() {
            return 0.5;
        }
        let of_before = self.sheet.outlines.iter().any(|o| o.key == key && o.side == Side::Before);
        if of_before { self.divided_at / 2.0 } else { (1.0 + self.divided_at) / 2.0 }
    }

    /// The space has changed.
    pub fn resize(&self, refit: bool) {
        for plate in [Some(&self.first), self.second.as_ref()].into_iter().flatten() {
            plate.map.invalidate_size(false);
            plate.ground.update();
        }
        if refit {
            self.fit();
        }
        self.expose();
    }

    /// The words on the map.
    pub fn set_labels(&mut self, labels: &Labels) {
        name(&self.first, &labels.map);
        if let Some(old) = self.zoom_buttons.take() {
            old.remove();
        }
        self.zoom_buttons = Some(self.first.add_zoom(labels));
        self.first.ground.name(labels);
        self.first.caption(&self.sheet, labels);
        if let Some(second) = &self.second {
            name(second, &labels.second_map);
            second.ground.name(labels);
            second.caption(&self.sheet, labels);
        }
    }

    /// Shows each date where the mode wants it.
    pub fn expose(&self) {
        let view = &self.sheet.view;
        let alternating = if self.showing_after { Side::After } else { Side::Before };
        let first = match view.mode {
            Mode::Swipe | Mode::SwipeVertical => Exposure::Split(view.mode, self.divided_at),
            Mode::Fade => Exposure::Over(view.fade),
            Mode::Blink => Exposure::Only(alternating),
            Mode::Side => Exposure::Only(Side::Before),
        };
        self.first.expose(first);
        if let Some(second) = &self.second {
            second.expose(Exposure::Only(Side::After));
        }
    }

    /// Two maps go together where their images lie over each other, else each goes its own way.
    fn link(&mut self) {
        let Some(second) = &self.second else { return };
        self.apart = Some(self.sheet.apart);
        if self.sheet.apart {
            self.linked = None;
            if let Some(shown) = &self.sheet.after {
                second.fit(shown);
            }
        } else {
            second.map.set_view(&self.first.map.get_center(), self.first.map.get_zoom());
            self.linked = Some(move_together(&self.first.map, &second.map));
        }
    }

    fn fit_lines(&mut self) {
        let zoom = self.first.map.get_zoom();
        for plate in [Some(&mut self.first), self.second.as_mut()].into_iter().flatten() {
            plate.outlines.fit_to_zoom(zoom);
        }
    }

    /// Adds the second map, or takes it away.
    fn split(&mut self, two: bool, labels: &Labels) {
        let _ = self.root.class_list().toggle_with_force("two", two);
        self.listening.truncate(2);
        (self.apart, self.linked, self.second) = (None, None, None);
        if two && let Ok(second) = Plate::new(&self.root, &self.touch, Side::After) {
            name(&second, &labels.second_map);
            second.ground.name(labels);
            second.map.set_view(&self.first.map.get_center(), self.first.map.get_zoom());
            self.listening.push(follow(&second.map, &self.this));
            self.listening.push(rested(&second.map, Rc::clone(&self.rest)));
            self.second = Some(second);
        }
        self.first.map.invalidate_size(false);
    }
}

/// What the captions of a sheet say.
fn names(sheet: &Sheet) -> (Option<Caption>, Option<Caption>, bool) {
    let of = |shown: &Option<Shown>| shown.as_ref().map(|shown| shown.caption.clone());
    (of(&sheet.before), of(&sheet.after), sheet.resampled)
}

fn name(plate: &Plate, name: &str) {
    let _ = plate.container.set_attribute("role", "region");
    let _ = plate.container.set_attribute("aria-label", name);
}

/// A reaction to a map's events, for as long as this is kept.
pub(super) struct Listening {
    map: Map,
    kinds: &'static str,
    closure: Closure<dyn FnMut()>,
}

impl Listening {
    pub(super) fn to(map: &Map, kinds: &'static str, react: impl FnMut() + 'static) -> Self {
        let closure = Closure::new(react);
        map.unchecked_ref::<Evented>().on(kinds, closure.as_ref());
        Self { map: map.clone(), kinds, closure }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.map.unchecked_ref::<Evented>().off(self.kinds, self.closure.as_ref());
    }
}

/// Panes and lines follow every move of a map. While the stage itself is at work it will do that at its end.
fn follow(map: &Map, stage: &Weak<RefCell<Stage>>) -> Listening {
    let stage = stage.clone();
    Listening::to(map, "move zoomend viewreset", move || {
        if let Some(stage) = stage.upgrade()
            && let Ok(mut stage) = stage.try_borrow_mut()
        {
            stage.expose();
            stage.fit_lines();
        }
    })
}

/// A map has come to rest; said once the browser is done with it, since a move may be part of a drawing.
fn rested(map: &Map, tell: Rc<dyn Fn(())>) -> Listening {
    let waiting: Rc<RefCell<Option<Timeout>>> = Rc::default();
    Listening::to(map, "moveend", move || {
        let tell = Rc::clone(&tell);
        // A new one calls off the last.
        *waiting.borrow_mut() = Some(Timeout::new(REST_MS, move || tell(())));
    })
}

/// Wherever one map goes, the other goes too.
fn move_together(first: &Map, second: &Map) -> [Listening; 2] {
    let leading = Rc::new(Cell::new(false));
    [(first, second), (second, first)].map(|(leader, follower)| {
        let (leading, from, to) = (Rc::clone(&leading), leader.clone(), follower.clone());
        Listening::to(leader, "move", move || {
            if leading.replace(true) {
                return;
            }
            let options = Object::new();
            let _ = Reflect::set(&options, &"animate".into(), &JsValue::FALSE);
            to.set_view_with_options(&from.get_center(), from.get_zoom(), &options);
            leading.set(false);
        })
    })
}
