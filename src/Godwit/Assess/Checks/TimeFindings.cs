namespace Godwit.Assess.Checks;

internal static class TimeFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = [];

    public static Finding Far(string what, string milliseconds) => new("assess.far", Severity.Note,
        What: $"The {what} is {milliseconds} ms away",
        Why: "every question to it takes at least as long, and a database with many small tables is many questions",
        Remedy: "Run Godwit on a machine nearer to both, in the region of the source or of the app: "
            + "a one-off dyno or a small virtual machine does.");
}
