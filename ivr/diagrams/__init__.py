"""Flow diagrams: their content, their layout, and the SVG and text that they are written as."""
