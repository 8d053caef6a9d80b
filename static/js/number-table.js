// Tables of numbers: paste from a spreadsheet, arrows between cells, sums while one types. The server checks all of it again.
"use strict";

// As rehab/numbers.py reads them: comma is decimal, dots are thousands; null for what is no number.
function read(text) {
  const digits = text.trim().replace(/^Rp/, "").replace(/%$/, "").trim();
  if (!/^(\d[\d.]*(,\d+)?|,\d+)$/.test(digits)) return null;
  const dots = digits.split(".").length - 1;
  if (digits.includes(",")) return Number(digits.replaceAll(".", "").replace(",", "."));
  if (dots > 1) return /^\d{1,3}(\.\d{3})+$/.test(digits) ? Number(digits.replaceAll(".", "")) : null;
  if (dots === 1 && digits.length - digits.indexOf(".") === 4) return Number(digits.replace(".", ""));
  return Number(digits);
}

const shown = new Intl.NumberFormat("id-ID", { maximumFractionDigits: 4 });

function total(cells) {
  let sum = null;
  for (const cell of cells) {
    if (!cell.value.trim()) continue;
    const number = read(cell.value);
    if (number === null) return NaN;
    sum = (sum ?? 0) + number;
  }
  return sum;
}

// What the parts make, against the whole where there is one.
function tell(output, sum, whole, table) {
  output.classList.remove("sum-off", "sum-fits");
  if (sum === null || Number.isNaN(sum)) {
    output.textContent = "–";
    return;
  }
  const rounded = Math.round(sum * 10000) / 10000;
  let text = shown.format(rounded);
  if (whole !== null && !Number.isNaN(whole)) {
    const difference = Math.round((whole - rounded) * 10000) / 10000;
    const word = difference === 0 ? table.dataset.fits : difference > 0 ? table.dataset.lacks : table.dataset.exceeds;
    text += ` · ${word}${difference === 0 ? "" : ` ${shown.format(Math.abs(difference))}`}`;
    output.classList.add(difference === 0 ? "sum-fits" : "sum-off");
  }
  output.textContent = text;
}

function add(table) {
  for (const output of table.querySelectorAll("output[data-sum]")) {
    const row = output.closest("tr");
    const whole = row.querySelector("[data-whole]");
    tell(output, total(row.querySelectorAll(`[data-${output.dataset.sum}]`)), whole && whole.value.trim() ? read(whole.value) : null, table);
  }
  for (const output of table.querySelectorAll("output[data-column]")) {
    const cells = table.querySelectorAll(`[data-${output.dataset.column}]`);
    const sum = total(cells);
    const fixed = output.dataset.fixed ? Number(output.dataset.fixed) : 0;
    tell(output, sum === null ? sum : sum + fixed, output.dataset.whole ? Number(output.dataset.whole) : null, table);
  }
}

// The cells as a matrix: a place without an input (a sum, a dash) takes nothing.
function matrix(table) {
  return [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input.cell, select.cell")]);
}

function paste(event, table) {
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!/[\t\n]/.test(text)) return;
  event.preventDefault();
  const rows = matrix(table);
  const top = rows.findIndex((row) => row.includes(event.target));
  const left = rows[top].indexOf(event.target);
  for (const [down, line] of text.split("\n").entries()) {
    for (const [right, value] of line.split("\t").entries()) {
      const cell = rows[top + down] && rows[top + down][left + right];
      if (!cell || cell.readOnly || cell.tagName === "SELECT") continue;
      cell.value = value.trim();
      cell.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

function move(event, table) {
  const step = { ArrowDown: [1, 0], ArrowUp: [-1, 0], Enter: [event.shiftKey ? -1 : 1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  const at = event.target;
  if (!step || event.ctrlKey || event.metaKey || event.altKey || at.tagName === "SELECT") return;
  if (event.key === "ArrowLeft" && (at.selectionStart !== 0 || at.selectionEnd !== 0)) return;
  if (event.key === "ArrowRight" && at.selectionStart !== at.value.length) return;
  const rows = matrix(table);
  const row = rows.findIndex((cells) => cells.includes(at));
  const column = rows[row].indexOf(at);
  // Enter never sends a half-typed table.
  if (event.key === "Enter" || rows[row + step[0]]) event.preventDefault();
  let next = row + step[0];
  while (step[0] && rows[next] && !rows[next][column]) next += step[0];
  const cell = rows[next] && rows[next][column + step[1]];
  if (cell) {
    event.preventDefault();
    cell.focus();
    if (cell.select) cell.select();
  }
}

for (const table of document.querySelectorAll("table[data-numbers]")) {
  add(table);
  table.addEventListener("input", () => add(table));
  table.addEventListener("paste", (event) => event.target.matches("input.cell") && paste(event, table));
  table.addEventListener("keydown", (event) => event.target.matches("input.cell") && move(event, table));
}
