using Godwit.Faults;

namespace Godwit.Assess.Checks.Time;

internal static class RegionFindings
{
    public static Finding Elsewhere(string app, string there, string asked) => new(
        "assess.region_differs", Severity.Warning,
        What: $"The app {app} is in the region {there}, not in {asked}",
        Why: "--region is only for an app that Godwit creates, and this one exists already; Heroku moves no app from "
            + "one region to another",
        Remedy: "Leave --region out to move into this app, or name an app that does not exist yet with --to.");

    public static Finding Apart(string places) => new("assess.regions", Severity.Warning,
        What: "Source, store and app are not all in one region",
        Why: $"{places}; transfers between regions take longer, and providers charge for them",
        Remedy: "Use a store near the app, because Heroku reads the dump from there. "
            + "To create the app in another region: --create-app --region eu");
}
