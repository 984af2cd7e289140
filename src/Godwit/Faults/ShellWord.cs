namespace Godwit.Faults;

/// <summary>Words of a command that somebody pastes into a shell.</summary>
public static class ShellWord
{
    /// <summary>In quotes where a shell would read it as more than a word.</summary>
    public static string Of(string text) =>
        text.Length > 0
        && text.All(one => char.IsAsciiLetterOrDigit(one) || "_-:/@.%=+~,".Contains(one, StringComparison.Ordinal))
            ? text : Quoted(text);

    /// <summary>Always in quotes.</summary>
    public static string Quoted(string text) => $"'{Escaped(text)}'";

    /// <summary>For a place that stands in single quotes already.</summary>
    public static string Escaped(string text) => text.Replace("'", @"'\''", StringComparison.Ordinal);
}
