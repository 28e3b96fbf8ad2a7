// What a page of a list looks for, kept in its address: a link and the back button bring it back.
import { watchDebounced } from "@vueuse/core";
import { ref, type Ref, type ShallowRef, shallowRef, watch } from "vue";
import { type LocationQuery, type LocationQueryRaw, useRoute, useRouter } from "vue-router";

const SEARCH_MS = 250;
const LONGEST = 200;

export interface Look<T> {
  readonly look: Readonly<ShallowRef<T>>;
  /** What is typed into the search; looked for once the typing rests. */
  readonly text: Ref<string>;
  readonly change: (part: Partial<T>) => void;
}

/**
 * @param page - the name of the route
 * @param kept - what else of its query stays when the look changes
 * @param onChange - called before the address changes
 */
export function useLook<T extends { readonly text: string }>(
  page: string,
  { read, write, kept = [], onChange }: { read: (query: LocationQuery) => T; write: (look: T) => LocationQueryRaw; kept?: readonly string[]; onChange: (part: Partial<T>) => void },
): Look<T> {
  const route = useRoute();
  const router = useRouter();
  const look: ShallowRef<T> = shallowRef(read(route.query));
  const text = ref<string>(look.value.text);
  const isSame = (other: T): boolean => JSON.stringify(other) === JSON.stringify(look.value);

  function change(part: Partial<T>): void {
    const next = { ...look.value, ...part };
    if (isSame(next)) return;
    look.value = next;
    onChange(part);
    const rest = Object.fromEntries(kept.filter((name) => route.query[name] !== undefined).map((name) => [name, route.query[name]]));
    void router.replace({ query: { ...write(next), ...rest } });
  }
  watch(
    () => route.query,
    (query) => {
      if (route.name !== page) return;
      const asked = read(query);
      if (isSame(asked)) return;
      look.value = asked;
      text.value = asked.text;
    },
  );
  watchDebounced(text, (now) => change({ text: now.slice(0, LONGEST).trim() } as Partial<T>), { debounce: SEARCH_MS });
  return { look, text, change };
}
