/** The same thing in the terminal. Names come from a broker, so each is quoted for a POSIX shell; the brokers' address is the reader's own `$BROKERS`. */

/** One word of a POSIX shell, whatever it holds. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const command = (...words: readonly string[]): string => words.join(" ");

export const describeGroup = (group: string): string => command("kafka-consumer-groups", "--bootstrap-server", '"$BROKERS"', "--describe", "--group", shellWord(group));

/** Reads one message with its key and headers. */
export const kcatOne = (at: { readonly topic: string; readonly partition: number; readonly offset: string }): string =>
  command("kcat", "-b", '"$BROKERS"', "-C", "-t", shellWord(at.topic), "-p", String(at.partition), "-o", at.offset, "-c", "1", "-e", "-f", shellWord("%T %k\\n%h\\n%s\\n"));

/** Reads a topic from now on. */
export const kcatTail = (topic: string): string => command("kcat", "-b", '"$BROKERS"', "-C", "-t", shellWord(topic), "-o", "end", "-f", shellWord("%p/%o %k %s\\n"));

/** Asks Flowtap's own API; the token is the reader's own. */
export const curl = (url: string): string => command("curl", "-s", "-H", '"Authorization: Bearer $FLOWTAP_TOKEN"', shellWord(url));
