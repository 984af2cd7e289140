namespace Godwit.App.Cli;

/// <summary>Finds the known word that a mistyped one probably means.</summary>
internal static class DidYouMean
{
    // In a word of up to four letters, two typing errors make another word.
    private const int ShortMax = 4;

    /// <summary>Null: no known word is similar enough.</summary>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        var bare = typed.TrimStart('-');
        var max = bare.Length <= ShortMax ? 1 : 2;
        return known.Select(word => (Word: word, Slips: Slips(bare, word.TrimStart('-'))))
            .Where(one => one.Slips <= max).OrderBy(one => one.Slips).ThenBy(one => one.Word, StringComparer.Ordinal)
            .FirstOrDefault().Word;
    }

    // Counts letters that are missing, extra, wrong, or swapped with their neighbour. Optimal string alignment:
    // https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance
    private static int Slips(string one, string other)
    {
        var slips = Enumerable.Range(0, one.Length + 1).Select(_ => new int[other.Length + 1]).ToArray();
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    slips[i][j] = i + j;
                    continue;
                }

                var differs = one[i - 1] == other[j - 1] ? 0 : 1;
                slips[i][j] = Math.Min(Math.Min(slips[i - 1][j], slips[i][j - 1]) + 1, slips[i - 1][j - 1] + differs);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    slips[i][j] = Math.Min(slips[i][j], slips[i - 2][j - 2] + 1);
            }
        }

        return slips[one.Length][other.Length];
    }
}
