using Godwit.Faults;

namespace Godwit.Assess.Checks.Rights;

internal static class SuperuserFindings
{
    /// <summary>All: a user who does not need the object can let the restore skip it.</summary>
    public static IReadOnlyList<string> Acceptable { get; } =
    [
        "assess.access_methods", "assess.aggregates", "assess.base_types", "assess.casts",
        "assess.foreign_data_wrappers", "assess.function_options",
        "assess.function_settings", "assess.languages", "assess.operator_classes", "assess.text_search",
        "assess.untrusted_functions",
    ];

    public static Finding UntrustedFunctions(string count, string named, string statements) => new(
        "assess.untrusted_functions", Severity.Blocker,
        What: $"The target would refuse {count}",
        Why: $"only a superuser may use the languages they are written in: {named}",
        Remedy: "Rewrite what you need in SQL or PL/pgSQL, move it into the application, or use an extension of the "
            + $"target that has it. Then drop the old functions at the source:\n{statements}");

    public static Finding FunctionOptions(string count, string named, string statements) => new(
        "assess.function_options", Severity.Blocker,
        What: $"The target would refuse {count}",
        Why: $"only a superuser may create a function with these options: {named}",
        Remedy: $"Remove the options at the source; the functions compute the same without them:\n{statements}");

    public static Finding FunctionSettings(string count, string named, string statements) => new(
        "assess.function_settings", Severity.Blocker,
        What: $"The target would refuse functions because of {count} attached to them",
        Why: $"only a superuser may attach these to a function: {named}",
        Remedy: "If a function needs its setting, let the operator of the target set it for the whole database "
            + "(`heroku pg:settings` has some of them). Then remove it from the function at the source:"
            + $"\n{statements}");

    public static Finding Aggregates(string count, string named, string statements) => new(
        "assess.aggregates", Severity.Blocker,
        What: $"The target would refuse {count}",
        Why: $"only a superuser may create an aggregate whose state has the type internal: {named}",
        Remedy: "Rewrite it with a state of an ordinary type, or use the built-in aggregate it is made of. "
            + $"Then drop the old one at the source:\n{statements}");

    public static Finding Languages(string count, string named, string statements) => new(
        "assess.languages", Severity.Blocker,
        What: $"The target would refuse {count} and all functions in it",
        Why: $"only a superuser may create a language without an extension: {named}",
        Remedy: $"Rewrite the functions in SQL or PL/pgSQL. Then drop the language at the source:\n{statements}");

    public static Finding BaseTypes(string count, string named) => new("assess.base_types", Severity.Blocker,
        What: $"The target would refuse {count} and every table that uses it",
        Why: "only a superuser may create a type with input and output functions of its own, "
            + $"or a range with a canonical function: {named}",
        Remedy: "Change the columns at the source to a domain, "
            + "a composite type or a built-in one (ALTER TABLE … ALTER COLUMN … TYPE …), then drop the type.");

    public static Finding OperatorClasses(string count, string named, string statements) => new(
        "assess.operator_classes", Severity.Blocker,
        What: $"The target would refuse {count} and every index that uses one",
        Why: $"only a superuser may create these: {named}",
        Remedy: "Replace such indexes with indexes on an expression or with a built-in class. "
            + $"Then drop the class at the source:\n{statements}");

    public static Finding Casts(string count, string named, string statements) => new("assess.casts", Severity.Blocker,
        What: $"The target would refuse {count}",
        Why: $"only a superuser may create a cast WITHOUT FUNCTION, or one between types of other owners: {named}",
        Remedy: "Write the conversion where it is used, for example with a function; "
            + $"a cast of your own type can be created WITH INOUT. Then drop the old one at the source:\n{statements}");

    public static Finding TextSearch(string named, string statements) => new("assess.text_search", Severity.Blocker,
        What: "The target would refuse text search parsers or templates, and everything that uses them",
        Why: $"only a superuser may create a parser or a template: {named}",
        Remedy: "Configure the search with a built-in parser and templates (simple, ispell, snowball, synonym, "
            + $"thesaurus). Then drop the old ones at the source:\n{statements}");

    public static Finding AccessMethods(string count, string named, string statements) => new(
        "assess.access_methods", Severity.Blocker,
        What: $"The target would refuse {count} and every table or index that uses it",
        Why: $"only a superuser may create one: {named}",
        Remedy: "Change the tables to the built-in method heap (before PostgreSQL 15: "
            + $"copy them into new tables), then drop the method at the source:\n{statements}");

    public static Finding Wrappers(string count, string named, string statements) => new(
        "assess.foreign_data_wrappers", Severity.Blocker,
        What: $"The target would refuse {count} and all its servers",
        Why: $"only a superuser may create a wrapper without an extension: {named}",
        Remedy: "Use the wrapper of an extension that the target has, such as postgres_fdw. "
            + $"Then drop the old one at the source:\n{statements}");
}
