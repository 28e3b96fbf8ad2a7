// A file on its way, and the words for how far it is. Pure.
import { weight } from "@/jobs/facts";
import { lasting } from "@/jobs/job";

export interface Transfer {
  readonly name: string;
  /** bytes */
  readonly received: number;
  /** bytes; null: the server does not say */
  readonly total: number | null;
  readonly bytes_per_second: number;
}

/** 0 to 1; null: nobody knows how much it will be. */
export const share = ({ received, total }: Transfer): number | null => (total === null || total <= 0 ? null : Math.min(1, received / total));

/** "1.2 MB of 3.4 MB · 820 kB/s · 3 s left" */
export function progress({ received, total, bytes_per_second: rate }: Transfer): string {
  const left = total === null || rate <= 0 || received >= total ? null : (total - received) / rate;
  return [
    total === null ? weight(received) : `${weight(Math.min(received, total))} of ${weight(total)}`,
    rate > 0 ? `${weight(Math.round(rate))}/s` : "",
    left === null ? "" : `${lasting(Math.max(1, Math.ceil(left)) * 1000)} left`,
  ].filter(Boolean).join(" · ");
}

/** All of them as one line: "3 files · 2.4 MB/s". */
export function together(all: readonly Transfer[]): string {
  const rate = all.reduce((sum, { bytes_per_second: one }) => sum + one, 0);
  return [`${all.length} ${all.length === 1 ? "file" : "files"}`, rate > 0 ? `${weight(Math.round(rate))}/s` : ""].filter(Boolean).join(" · ");
}
