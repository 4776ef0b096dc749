// Shortcuts for people who never leave the keyboard; every page works without this file.
// Lists: j/k move, Enter opens. Case: e edits the draft, a goes to the approve button, Ctrl+S saves. / searches.
'use strict';
(() => {
  const rows = () => [...document.querySelectorAll('[data-row]')];
  const form = document.querySelector('form[data-edit]');
  let edited = false;
  const isTyping = (node) => node.closest('input, textarea, select, [contenteditable]') !== null;
  const move = (step) => {
    const all = rows();
    if (all.length === 0) return;
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, now + step))];
    next.querySelector('a').focus();
    next.scrollIntoView({ block: 'nearest' });
  };
  const focus = (selector) => {
    const node = document.querySelector(selector);
    if (node) node.focus();
    return node !== null;
  };
  const act = {
    j: () => move(1),
    k: () => move(-1),
    e: () => focus('#body'),
    a: () => focus('#approve'),
    '/': () => focus('input[type=search]'),
    q: () => { location.href = '/'; },
  };
  document.addEventListener('keydown', (event) => {
    if (form && (event.ctrlKey || event.metaKey) && event.key === 's') {
      event.preventDefault();
      edited = false;
      form.requestSubmit(document.querySelector('#save'));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) {
      if (event.key === 'Escape' && isTyping(event.target)) event.target.blur();
      return;
    }
    const does = act[event.key];
    if (does) {
      event.preventDefault();
      does();
    }
  });
  if (form) {
    form.addEventListener('input', () => { edited = true; });
    form.addEventListener('submit', () => { edited = false; });
    window.addEventListener('beforeunload', (event) => { if (edited) event.preventDefault(); });
  }
})();
