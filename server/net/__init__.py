"""One port for everything: accepting, HTTP, WebSockets, and the stream that waits for ticks."""
