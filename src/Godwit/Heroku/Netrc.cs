using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Reads ~/.netrc: words separated by blanks; <c>machine NAME</c> starts an entry, and <c>password WORD</c>
/// belongs to it. A <c>default</c> entry is ignored: it applies to any machine, and the token must go to Heroku only
/// because the user said so. https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html</summary>
internal static class Netrc
{
    public static Secret? FindPassword(string text, string machine)
    {
        using var words = Words(text).GetEnumerator();
        var inEntry = false;
        while (words.MoveNext())
        {
            switch (words.Current)
            {
                case "machine":
                    inEntry = words.MoveNext()
                        && string.Equals(words.Current, machine, StringComparison.OrdinalIgnoreCase);
                    break;
                case "default":
                    inEntry = false;
                    break;
                case "login" or "account":
                    words.MoveNext();
                    break;
                case "password":
                    if (words.MoveNext() && inEntry)
                        return new(words.Current);
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    private static IEnumerable<string> Words(string text)
    {
        var inMacro = false;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            // A macro's body ends at the next empty line, and may hold any words.
            inMacro = inMacro ? line.Length > 0 : line.StartsWith("macdef ", StringComparison.Ordinal);
            if (inMacro)
                continue;
            foreach (var word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                // A comment ends with the line; inside a word '#' is an ordinary character, as in passwords.
                if (word.StartsWith('#'))
                    break;
                yield return word.Length > 1 && word[0] == '"' && word[^1] == '"' ? word[1..^1] : word;
            }
        }
    }
}
