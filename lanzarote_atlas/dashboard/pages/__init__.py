"""The pages, one module each; `render` draws the page whose choices stand in the address."""
