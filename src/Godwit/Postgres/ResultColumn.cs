namespace Godwit.Postgres;

/// <summary>A column of what a statement returns.</summary>
/// <param name="Type">As PostgreSQL calls it.</param>
/// <param name="TypeOid">Its number there; a domain's is that of what it is made of.</param>
public sealed record ResultColumn(string Name, string Type, uint TypeOid);
