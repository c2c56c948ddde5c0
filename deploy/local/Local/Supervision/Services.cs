using System.Collections.Immutable;

namespace CarbonMarket.Local.Supervision;

/// <summary>One program of the system.</summary>
/// <param name="Name">Also its prefix in paths, its database account and its log.</param>
/// <param name="OwnsData">Has a database and speaks on the bus; all but the gateway and the bank.</param>
/// <param name="ServesGrpc">Answers gRPC on a port of its own (HTTP/2 without TLS).</param>
/// <param name="KeepsJournal">Holds its state in memory and writes a journal, by a connection that asks no more than it needs (ADR 30).</param>
public sealed record ServiceDescription(
    string Name, string Project, bool OwnsData = true, bool ServesGrpc = false, bool KeepsJournal = false)
{
    public string GrpcPort => Name + "-grpc";
}

public static class Services
{
    public const string Identity = "identity";
    public const string Allocation = "allocation";
    public const string Settlement = "settlement";
    public const string Trading = "trading";
    public const string Audit = "audit";
    public const string Gateway = "gateway";

    /// <summary>Another house in truth; a sandbox has a simulator of it.</summary>
    public const string Bank = "settlement-bank";

    public static ImmutableArray<ServiceDescription> All { get; } =
    [
        new(Identity, "Identity"),
        new(Allocation, "Allocation"),
        new("verification", "Verification"),
        new(Trading, "Trading", ServesGrpc: true, KeepsJournal: true),
        new(Settlement, "Settlement", ServesGrpc: true, KeepsJournal: true),
        new(Audit, "Audit"),
        new(Bank, "BankSimulator", OwnsData: false),
        new(Gateway, "Gateway", OwnsData: false, ServesGrpc: true),
    ];

    public static IEnumerable<ServiceDescription> WithData => All.Where(service => service.OwnsData);

    /// <summary>Those whose events the audit log must hold.</summary>
    public static IEnumerable<ServiceDescription> WithEventStore => WithData.Where(service => service.Name != Audit);
}
