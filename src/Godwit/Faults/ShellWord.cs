namespace Godwit.Faults;

/// <summary>Quotes words of commands that a person pastes into a shell.</summary>
public static class ShellWord
{
    /// <summary>Quoted only where the shell needs it.</summary>
    public static string Of(string text) =>
        text.Length > 0
        && text.All(one => char.IsAsciiLetterOrDigit(one) || "_-:/@.%=+~,".Contains(one, StringComparison.Ordinal))
            ? text : Quoted(text);

    public static string Quoted(string text) => $"'{Escaped(text)}'";

    /// <summary>For text that is already within single quotes.</summary>
    public static string Escaped(string text) => text.Replace("'", @"'\''", StringComparison.Ordinal);
}
