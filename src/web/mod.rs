//! The page: commands in, snapshots out. The only place that knows a browser.
