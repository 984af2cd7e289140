using System.Collections;
using System.Text.RegularExpressions;
using Godwit.Faults;

namespace Godwit.App.Cli;

/// <summary>Values of Godwit's environment, masked in the output of commands that inherit it.</summary>
internal static partial class EnvironmentSecrets
{
    // A shorter value is a number or a word. Masking it would make the output unreadable.
    private const int LengthMin = 8;

    [GeneratedRegex("KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|SAS|CONNECTION_STRING|_URL$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Telling();

    public static IReadOnlyList<Secret> Of(IDictionary variables) =>
        [
            .. variables.Cast<DictionaryEntry>()
                .Where(one => one is { Key: string name, Value: string { Length: >= LengthMin } }
                    && Telling().IsMatch(name) && name is not ("PWD" or "OLDPWD"))
                .Select(one => new Secret((string)one.Value!)),
        ];
}
