using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Requests;

namespace Godwit.Migration.Opening;

/// <summary>Finds the database that <c>--from</c> or <c>--to</c> names.</summary>
/// <param name="readInputLine">The first line of standard input; null: it is empty.</param>
/// <param name="note">Called for a password on the command line.</param>
public sealed class DatabaseOpener(
    Func<string, string?> environment, Func<string?> readInputLine, Action<OpeningNote> note)
{
    /// <param name="reference"><see cref="RunSettings.FromStdin"/>, or what <see cref="PostgresSource"/> reads.</param>
    /// <exception cref="FaultException">Nothing is there, or it is no URL.</exception>
    public PostgresAddress Source(string reference) => reference == RunSettings.FromStdin
        ? new PostgresSource(environment, File.ReadAllText).Parse(readInputLine() ?? "", "Standard input")
        : Resolve(reference, "--from", "SOURCE_URL");

    public PostgresAddress Target(string reference) => Resolve(reference, "--to", "TARGET_URL");

    /// <param name="variable">Could hold its URL.</param>
    private PostgresAddress Resolve(string reference, string flag, string variable)
    {
        var address = new PostgresSource(environment, File.ReadAllText).Resolve(reference, flag);
        if (address.Password is not null && PostgresSource.IsUrl(reference))
            note(new(OpeningNoteKind.Warning, $"the password in {flag} can be seen by every user of this machine while "
                + "this runs, and stays in the shell's history.",
                $"Put the URL into a variable and name that: {flag} env:{variable}"));
        return address;
    }
}
