// What pages do besides showing: everything works without it.

// A session that ended while a page was open: the part that asked is told where to sign in (guard.py).
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) window.location.assign("/console/sign-in");
});
