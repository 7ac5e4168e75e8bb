//! What leaves the tool: JSON documents, GeoJSON, and later pictures and stories.
