/* Each chart is drawn from the table beside it, so figure and table cannot differ.

   <div class="split chart-row" data-chart="column" data-columns="1">
     <div class="chart" role="img" aria-label="…"></div><table class="data">…</table></div>

   data-chart    column (upright), bar (lying), line
   data-columns  which columns of the table are drawn, from 1; default: every column of figures
   data-stack    present: the series stand on each other

   Rows of class sum are left out. Values are printed, nothing moves. Tooltips are rich text: the HTML
   tooltip writes inline styles, which the content security policy refuses. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  if (!window.echarts) { return; }
  const style = getComputedStyle(document.documentElement);
  const size = parseFloat(style.fontSize) * 0.8125;

  function token(name) { return style.getPropertyValue(name).trim(); }

  const ink = token("--x-ink");
  const line = token("--x-line");
  const slate = token("--x-slate");
  const pale = token("--x-slate-pale");
  const text = { fontFamily: token("--x-sans"), fontSize: size, color: token("--x-muted") };
  // Told apart without colour: full, hatched, dotted, empty.
  const FILLS = [
    { color: slate },
    { color: pale, decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: 0.785,
      color: "rgba(255, 255, 255, .75)" } },
    { color: line, borderColor: slate, decal: { symbol: "circle", symbolSize: 0.5, color: slate } },
    { color: "#fff", borderColor: slate }
  ];
  const LINES = ["solid", "dashed", "dotted"];

  function figure(cell) {
    const words = cell.textContent.replace(/[,，%\s]/g, "");
    return words === "" || isNaN(words) ? null : Number(words);
  }

  function grouped(value) { return value === null ? "—" : value.toLocaleString("en-US"); }

  function readTable(table, wanted) {
    const heads = Array.from(table.tHead.rows[table.tHead.rows.length - 1].cells);
    const rows = Array.from(table.tBodies[0].rows).filter(function (row) {
      return !row.classList.contains("sum") && !row.classList.contains("group");
    });
    const columns = wanted
      ? wanted.split(",").map(Number)
      : heads.map(function (head, at) { return at; }).filter(function (at) {
        return at > 0 && heads[at].classList.contains("num");
      });
    return {
      names: rows.map(function (row) { return row.cells[0].textContent.trim(); }),
      series: columns.map(function (at) {
        const data = rows.map(function (row) { return figure(row.cells[at]); });
        return { name: heads[at].textContent.trim(), data: data };
      })
    };
  }

  function options(kind, read, stacked) {
    const lying = kind === "bar";
    const many = read.series.length > 1;
    const names = { type: "category", data: read.names, axisLabel: text, axisTick: { show: false },
      axisLine: { lineStyle: { color: slate } }, inverse: lying };
    const values = { type: "value", axisLabel: text, splitLine: { lineStyle: { color: line } } };
    return {
      animation: false,
      textStyle: text,
      aria: { enabled: false },
      tooltip: { renderMode: "richText", trigger: "axis", valueFormatter: grouped,
        axisPointer: { type: kind === "line" ? "line" : "shadow" } },
      legend: { show: many, top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: text },
      grid: { left: 8, right: lying ? 36 : 8, top: many ? 36 : 24, bottom: 4, containLabel: true },
      xAxis: lying ? values : names,
      yAxis: lying ? names : values,
      series: read.series.map(function (one, at) {
        const label = { show: true, fontSize: size,
          formatter: function (point) { return stacked && !point.value ? "" : grouped(point.value); },
          color: stacked && at === 0 ? "#fff" : ink,
          position: stacked ? "inside" : lying ? "right" : "top" };
        return kind === "line"
          ? { name: one.name, type: "line", data: one.data, label: label, symbolSize: 6,
            itemStyle: { color: at ? pale : slate },
            lineStyle: { color: at ? pale : slate, type: LINES[at % 3] } }
          : { name: one.name, type: "bar", data: one.data, label: label,
            labelLayout: { hideOverlap: true }, stack: stacked ? "all" : undefined,
            barMaxWidth: many && !stacked ? 13 : 22, itemStyle: FILLS[at % FILLS.length] };
      })
    };
  }

  // With a view box the style sheet can shrink the picture: a browser tells nobody how wide the paper is.
  function scalable(chart) {
    const size = "0 0 " + chart.getWidth() + " " + chart.getHeight();
    chart.getDom().querySelector("svg").setAttribute("viewBox", size);
  }

  document.querySelectorAll("[data-chart]").forEach(function (row) {
    const read = readTable(row.querySelector("table"), row.dataset.columns);
    if (!read.names.length) { return; }
    const chart = window.echarts.init(row.querySelector(".chart"), null, { renderer: "svg" });
    chart.setOption(options(row.dataset.chart, read, row.dataset.stack !== undefined));
    scalable(chart);
    window.addEventListener("resize", function () { chart.resize(); scalable(chart); });
  });
});
