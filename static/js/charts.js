// The chart by month. The library is fetched after the page, and only when the chart comes into view; without it the table says the same.
"use strict";

(() => {
  const place = document.querySelector("[data-chart]");
  if (!place) return;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });

  function options(data) {
    const text = { color: colour("--muted") };
    const series = [
      { name: place.dataset.lastYear, type: "bar", data: data.lastYear, itemStyle: { color: colour("--line") }, barGap: "0%" },
      { name: place.dataset.realised, type: "bar", data: data.realised, itemStyle: { color: colour("--action") } },
      { name: place.dataset.target, type: "line", data: data.target, symbol: "none", step: "middle", lineStyle: { type: "dashed" }, itemStyle: { color: colour("--ink") } },
    ].filter((each) => each.data.some((value) => value !== null));
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: text },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => (value === null || value === undefined ? "–" : format.format(value)) },
      xAxis: { type: "category", data: data.months, axisLabel: text, axisTick: { show: false } },
      yAxis: { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: colour("--line") } } },
      series,
    };
  }

  function draw() {
    const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    place.hidden = false;
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(options(data));
    new ResizeObserver(() => chart.resize()).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.setOption(options(data)));
  }

  function load() {
    const script = document.createElement("script");
    script.src = place.dataset.library;
    script.addEventListener("load", draw);
    document.head.append(script);
  }

  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    load();
  }, { rootMargin: "300px" });
  // A hidden place has no position; its section has.
  window.addEventListener("load", () => seen.observe(place.parentElement));
})();
