using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class ExtensionsFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.extension_needed", "assess.extension_schema"];

    public static Finding Needed(string extension, string why, string needs, string ways) => new(
        "assess.extension_needed", Severity.Blocker,
        What: $"The extension {extension} cannot be moved, but the database needs it",
        Why: $"{why}; it is needed by {needs}",
        Remedy: "Give the columns a built-in type, drop or change the other objects that need it, then run the "
            + "command again. A new type locks and rewrites the table. With --accept, the named objects are left "
            + $"out; for a column that means its whole table with all rows. At the source:\n{ways}");

    public static Finding NotHere(string named, string install) => new("assess.extension_not_here", Severity.Blocker,
        What: $"This machine lacks packages of extensions that the database needs ({named})",
        Why: "Heroku offers them; the Heroku of this rehearsal runs on this machine's PostgreSQL, which does not "
            + "have them installed",
        Remedy: "Change nothing at the source. Packages that Debian lacks are at apt.postgresql.org; no restart is "
            + $"needed. Install them on this machine, as root, and run the command again:\n{install}");

    public static Finding LeftOutHere(string named, string install) => new(
        "assess.extensions_not_here", Severity.Warning,
        What: $"This rehearsal leaves out extensions that Heroku offers ({named})",
        Why: "this machine's PostgreSQL does not have them installed, and no column, index, view or function "
            + "signature needs them",
        Remedy: $"To rehearse with them, install them on this machine, as root, and run the command again: {install}");

    public static Finding Schema(string extension, string there, string here) => new(
        "assess.extension_schema", Severity.Blocker,
        What: $"The extension {extension} is in the schema {here}",
        Why: $"the target has it only in the schema {there}",
        Remedy: $"If the extension allows it, move it at the source, and change all code that names {here}: "
            + $"ALTER EXTENSION {extension} SET SCHEMA {there};");

    /// <param name="why">For the first extension.</param>
    public static Finding NotOffered(string named, string why) => new("assess.extensions_not_offered", Severity.Warning,
        What: $"Extensions that the target does not offer are left out ({named})",
        Why: $"{why}; no column, index, view or function signature needs them, but function bodies and applications "
            + "may",
        Remedy: "Look for their functions in your code. The extensions and the rows of their own tables are left out "
            + "of the dump.");

    public static Finding Older(string named) => new("assess.extensions_older", Severity.Warning,
        What: $"The target has older versions of extensions ({named})",
        Why: "a dump names no version, so the target installs its own; a definition that uses a feature of the newer "
            + "version fails there",
        Remedy: "Read the extension's release notes for the versions between, or create the target yourself, with a "
            + "newer PostgreSQL: heroku addons:create heroku-postgresql:PLAN --app APP -- --version=NUMBER");

    public static Finding Refused(string named) => new("assess.extensions_refused", Severity.Warning,
        What: $"The restore will refuse extensions ({named})",
        Why: "the target does not have them, and --no-clean leaves them in the dump",
        Remedy: "Leave --no-clean out; nothing in the database needs them.");

    public static Finding Providers(string named, string provider) => new(
        "assess.extensions_of_provider", Severity.Note,
        What: $"Extensions of the provider are left out ({named})",
        Why: $"they exist only at {provider}, and nothing in the database needs them",
        Remedy: "");

    public static Finding Published(string named, string asOf) => new("assess.extensions_published", Severity.Note,
        What: $"Heroku offers these extensions, by its published list: {named}",
        Why: $"the list is as of {asOf}; the database does not exist yet, and Godwit asks it once it exists, "
            + "before anything is frozen",
        Remedy: "");

    public static Finding HerokuExt(string named) => new("assess.heroku_ext", Severity.Note,
        What: $"Extensions in the schema heroku_ext will be in public ({named})",
        Why: "Heroku gave up its own schema for extensions in 2023; Godwit rewrites the dump",
        Remedy: "");

    public static Finding HerokuExtInFunctions(string named, string query) => new(
        "assess.heroku_ext_functions", Severity.Warning,
        What: $"Functions name the schema heroku_ext in their settings or in a string literal ({named})",
        Why: "extensions are in public at the target; names in function bodies are rewritten, settings and string "
            + "literals are not, so these functions may fail when called",
        Remedy: $"Replace heroku_ext with public in them, at the target after the move. Show them with: {query}");
}
