using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>What the CLI said: its exit code, standard output, and standard error (spinners, warnings,
/// errors).</summary>
internal sealed partial record Said(string Line, int Exit, string Out, string Err)
{
    /// <summary>Everything, for a failed assertion's reader.</summary>
    public override string ToString() => $"$ {Line}\nexit {Exit}\n--- out\n{Out}\n--- err\n{Err}";

    public Said Succeeds()
    {
        Assert.True(Exit == 0, ToString());
        return this;
    }

    /// <summary>2 is an answer of the API or of the command, 1 is a refusal of the CLI itself.</summary>
    public Said Fails(int exit, string saying)
    {
        Assert.True(Exit == exit && Flat(Err).Contains(saying, StringComparison.Ordinal),
            $"expected exit {exit} and '{saying}':\n{this}");
        return this;
    }

    /// <summary>Standard output holds this, spaces and line breaks not counted one by one.</summary>
    public Said Prints(params string[] texts)
    {
        foreach (var text in texts)
            Assert.True(Flat(Out).Contains(text, StringComparison.Ordinal), $"'{text}' is not in:\n{this}");
        return this;
    }

    /// <summary>Standard error holds this: the CLI's progress lines go there.</summary>
    public Said Reports(params string[] texts)
    {
        foreach (var text in texts)
            Assert.True(Flat(Err).Contains(text, StringComparison.Ordinal), $"'{text}' is not in:\n{this}");
        return this;
    }

    /// <summary>Standard output is this line and nothing else.</summary>
    public Said PrintsExactly(string line)
    {
        Assert.True(Out.TrimEnd('\n') == line, $"expected exactly '{line}':\n{this}");
        return this;
    }

    public Said PrintsNothingOf(string text)
    {
        Assert.False(Out.Contains(text, StringComparison.Ordinal), $"'{text}' is in:\n{this}");
        return this;
    }

    /// <summary>The part of standard output that matches, for names the server invents.</summary>
    public string Find([StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
    {
        var match = Regex.Match(Flat(Out) + "\n" + Flat(Err), pattern);
        Assert.True(match.Success, $"/{pattern}/ is not in:\n{this}");
        return match.Groups[match.Groups.Count - 1].Value;
    }

    // Errors are wrapped at the terminal's width with a " ›   " gutter; tables are padded. The server does neither.
    private static string Flat(string text) => Spaces().Replace(Gutter().Replace(text, "\n"), " ").Trim();

    [GeneratedRegex(@"\n\s*[›»]\s*")]
    private static partial Regex Gutter();

    [GeneratedRegex(@"[\s─]+")]
    private static partial Regex Spaces();
}
