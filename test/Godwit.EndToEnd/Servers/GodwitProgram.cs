namespace Godwit.EndToEnd.Servers;

/// <summary>The program under test.</summary>
internal static class GodwitProgram
{
    /// <summary>From <c>./check</c>: the program that <c>./godwit</c> runs. A test that runs without it takes the
    /// program built with the test.</summary>
    public static string Dll { get; } = Environment.GetEnvironmentVariable("GODWIT_TEST_APP") is { Length: > 0 } named
        ? named : Path.Combine(AppContext.BaseDirectory, "Godwit.App.dll");
}
