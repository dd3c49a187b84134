//! The built-in engine: two photos in, a comparison in the service's own JSON shape out.
