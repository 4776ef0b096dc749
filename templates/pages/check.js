// Checks the draft while it is edited; without this file saving and approving run the same checks.
// Every answer is a list of findings made and escaped by the server. A click on a place selects it.
'use strict';
(() => {
  const form = document.querySelector('form[data-edit]');
  const found = document.querySelector('#findings');
  if (!form || !found) return;
  const pause = 600;
  let timer = 0;
  let asked = 0;
  const waiver = () => {
    const field = form.querySelector('.waiver');
    const blocks = found.querySelector('li.error') !== null;
    if (blocks && !field) {
      form.querySelector('.buttons').before(document.querySelector('#waiver').content.cloneNode(true));
    } else if (!blocks && field && field.querySelector('input').value === '') {
      field.remove();
    }
  };
  const check = async () => {
    asked += 1;
    const mine = asked;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(found.dataset.check, { method: 'POST', body });
      // A redirect leads to the login: the text stays, and saving will say so.
      if (!answer.ok || answer.redirected) return;
      const list = await answer.text();
      if (mine !== asked) return;
      found.innerHTML = list;
      waiver();
    } catch {
      // No network: the findings stay those of the last check.
    }
  };
  form.addEventListener('input', (event) => {
    if (event.target.name === 'waiver') return;
    clearTimeout(timer);
    timer = setTimeout(check, pause);
  });
  form.addEventListener('submit', () => { clearTimeout(timer); });
  found.addEventListener('click', (event) => {
    const place = event.target.closest('a.place');
    const field = place && form.elements[place.dataset.part];
    if (!field) return;
    event.preventDefault();
    // The server counts characters, the browser UTF-16 units.
    const [line, column, length] = ['line', 'column', 'length'].map((name) => Number(place.dataset[name]));
    const lines = field.value.split('\n');
    if (line > lines.length) return;
    const characters = [...lines[line - 1]];
    const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const start = before + characters.slice(0, column - 1).join('').length;
    const end = start + characters.slice(column - 1, column - 1 + length).join('').length;
    field.focus();
    field.setSelectionRange(start, end);
    field.scrollTop = field.scrollHeight * (line - 1) / lines.length - field.clientHeight / 2;
  });
})();
