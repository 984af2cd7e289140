namespace Godwit.EndToEnd.Servers;

/// <summary>The program under test.</summary>
internal static class GodwitProgram
{
    /// <summary><c>./check</c> names the one that <c>./godwit</c> runs. A test that is run by itself takes the
    /// one that was built with it.</summary>
    public static string Dll { get; } = Environment.GetEnvironmentVariable("GODWIT_TEST_APP") is { Length: > 0 } named
        ? named : Path.Combine(AppContext.BaseDirectory, "Godwit.App.dll");
}
