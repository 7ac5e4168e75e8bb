//! The cars as the shell was last told of them.

use crate::web::snapshot::Car;
use js_sys::Array;
use serde::Serialize;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

/// What was told last. A yard has thousands of cars and an edit is about one of them; writing all of them anew took more of the page's thread than anything
/// else that was told, with every edit and ten times a second while a worker says how far it is.
#[derive(Default)]
pub(super) struct CarsTold {
    cars: Vec<Car>,
    written: Vec<JsValue>,
    list: Array,
}

impl CarsTold {
    /// The list of these cars: the very one that was told last where nothing about them is new, else a new one in which each car that is as it was stays
    /// the object that it was.
    pub fn list(&mut self, cars: Vec<Car>) -> Array {
        if cars != self.cars {
            let before: BTreeMap<&str, usize> = self.cars.iter().enumerate().map(|(at, car)| (&car.key[..], at)).collect();
            let written = |car: &Car| match before.get(&car.key[..]) {
                Some(&at) if self.cars[at] == *car => self.written[at].clone(),
                _ => car.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL),
            };
            self.written = cars.iter().map(written).collect();
            self.list = self.written.iter().collect();
            self.cars = cars;
        }
        self.list.clone()
    }
}
