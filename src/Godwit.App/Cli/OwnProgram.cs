namespace Godwit.App.Cli;

/// <summary>Starts this program again.</summary>
internal static class OwnProgram
{
    public static string Path => Environment.ProcessPath!;

    /// <summary>For <see cref="Path"/>. Under the dotnet host, the first one is the program.</summary>
    /// <param name="arguments">Godwit's.</param>
    public static IReadOnlyList<string> Arguments(IEnumerable<string> arguments) =>
        System.IO.Path.GetFileNameWithoutExtension(Path) == "dotnet"
            ? [System.IO.Path.GetFullPath(Environment.GetCommandLineArgs()[0]), .. arguments]
            : [.. arguments];
}
