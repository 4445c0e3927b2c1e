package org.llmroutes.bench.turns;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.llmroutes.bench.Latencies;

/** The distributions of latency, one chart for each kind of measurement, one line a handler. */
final class LatencyChart {
  private final Map<Handler, Figures> figures;
  private final List<XYChart> charts = new ArrayList<>();

  LatencyChart(Map<Handler, Figures> figures) {
    this.figures = figures;
  }

  /** Adds a chart: milliseconds over percentiles. */
  void add(String title, Function<Figures, Latencies> measured) {
    XYChart chart =
        new XYChartBuilder()
            .width(640)
            .height(440)
            .title(title)
            .xAxisTitle("percentile")
            .yAxisTitle("ms")
            .build();
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
    double[] percents = IntStream.rangeClosed(0, 999).mapToDouble(i -> i / 10.0).toArray();
    figures.forEach(
        (handler, f) -> {
          Latencies latencies = measured.apply(f);
          if (latencies.sorted().length == 0) {
            return;
          }
          double[] millis =
              IntStream.range(0, percents.length)
                  .mapToDouble(i -> latencies.millis(percents[i]))
                  .toArray();
          chart.addSeries(handler.title(), percents, millis).setMarker(SeriesMarkers.NONE);
        });
    charts.add(chart);
  }

  void save(Path png) throws IOException {
    BitmapEncoder.saveBitmap(
        charts, charts.size(), 1, png.toString(), BitmapEncoder.BitmapFormat.PNG);
  }
}
