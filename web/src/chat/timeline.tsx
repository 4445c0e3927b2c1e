/** How long each step of a turn took, as bars of the whole. */
export function Timeline({ timings, model }: { timings: Record<string, number>; model?: string }) {
  const { total = 0, queue = 0, ...steps } = timings;
  const longest = Math.max(total, 1);
  return (
    <details class="timeline">
      <summary>{seconds(total)}</summary>
      <table>
        <caption>{model ? `Answered by ${model}` : "Time of each step"}</caption>
        <tbody>
          {Object.entries({ queue, ...steps, total }).map(([step, taken]) => (
            <tr key={step}>
              <th scope="row">{step.replaceAll("_", " ")}</th>
              <td>
                <meter min={0} max={longest} value={taken} aria-hidden="true" />
              </td>
              <td>{seconds(taken)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
