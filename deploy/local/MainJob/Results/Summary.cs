using System.Globalization;
using CarbonMarket.MainJob.Gateway;
using Spectre.Console;

namespace CarbonMarket.MainJob.Results;

/// <summary>The table at the end: what the platform found beside what the registry published.</summary>
public static class Summary
{
    private const int MostNamed = 10;

    public static void Show(IAnsiConsole console, JobResult result, StatusComparison statuses, AuditSummary audit)
    {
        console.Write(Statuses(statuses));
        console.Write(Sums(result));
        foreach (var difference in statuses.Differing.Take(MostNamed))
            console.MarkupLineInterpolated(
                $"[red]Operator {difference.OperatorId}: {difference.Ours} here, {difference.Published} published.[/]");
        foreach (var service in audit.Services.Where(each => each is not { GapFree: true, ChainValid: true, Complete: true }))
            console.MarkupLineInterpolated(
                $"[red]Audit log of {service.Service}: {service.Events:N0} entries, {service.InStore:N0} events in its store, {(service.GapFree ? "no gap" : "gaps")}, chain {(service.ChainValid ? "valid" : "broken")}.[/]");
        foreach (var difference in result.Differences())
            console.MarkupLineInterpolated($"[red]{difference}[/]");
    }

    private static Table Statuses(StatusComparison statuses)
    {
        var table = new Table().Title("Compliance status").Border(TableBorder.Rounded)
            .AddColumn("Status").AddColumn(Right("Here")).AddColumn(Right("Published")).AddColumn(Right("Same operators"));
        foreach (var (status, ours, published, both) in statuses.ByStatus())
            table.AddRow(Markup.Escape(status), Number(ours), Number(published), Number(both));
        return table.AddRow("[bold]All compared[/]", Number(statuses.Count), Number(statuses.Count), Number(statuses.Matching));
    }

    private static Table Sums(JobResult result) => new Table().Title("Sums").Border(TableBorder.Rounded)
        .AddColumn("What").AddColumn(Right("Here")).AddColumn(Right("Should be"))
        .AddRow("Operators", Number(result.Operators), "")
        .AddRow("Units issued", Number(result.UnitsIssued), Number(result.UnitsHeld + result.UnitsSurrendered))
        .AddRow("Units held", Number(result.UnitsHeld), "")
        .AddRow("Units surrendered", Number(result.UnitsSurrendered), Number(result.PublishedSurrendered))
        .AddRow("Auctions", Number(result.Auctions), "")
        .AddRow("Trades", Number(result.Trades), "")
        .AddRow("Tonnes traded", Number(result.TradedTonnes), "")
        .AddRow("Ledger balanced", YesNo(result.LedgerBalanced), "yes")
        .AddRow("Trading's mirror equals the ledger", YesNo(result.TradingMirrorMatches), "yes")
        .AddRow("Events in the audit log", Number(result.AuditEvents), Number(result.EventsInStores))
        .AddRow("Audit log verified", YesNo(result.AuditVerified), "yes")
        .AddRow("Seconds", result.Seconds.ToString("0.0", CultureInfo.InvariantCulture), "");

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string YesNo(bool holds) => holds ? "yes" : "no";
}
