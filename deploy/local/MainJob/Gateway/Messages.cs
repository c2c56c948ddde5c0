using System.Text.Json.Serialization;

namespace CarbonMarket.MainJob.Gateway;

// What the job says to the gateway and hears from it; one record for each body, fields it does not use left out.

public sealed record Batch<T>(IReadOnlyList<T> Items);

public sealed record BatchAnswer<T>(IReadOnlyList<T> Results) where T : BatchResult;

public record BatchResult(string Id, string Outcome, string? Code, string? Reason)
{
    public bool IsAccepted => string.Equals(Outcome, "accepted", StringComparison.Ordinal);
}

public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

public sealed record Nothing;

public sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] int ExpiresInSeconds);

// Identity
public sealed record NewParticipant(Guid ParticipantId, string Name, string Kind);

public sealed record NewClient(
    Guid Id, Guid ParticipantId, string ClientId, string SecretDigest, string DisplayName, IReadOnlyList<string> Roles);

public sealed record ClientConfirmation(Guid Id);

// Allocation
public sealed record ClockSetting(DateTimeOffset LegalTime, bool Running);

public sealed record ClockReading(long Version, DateTimeOffset LegalTime, bool Running);

public sealed record NewCoveredEntity(Guid ParticipantId, int FirstYear, int? LastYear);

public sealed record NewExclusion(Guid ParticipantId, int Year, bool Excluded);

public sealed record NewPlan(int Year, string Instrument, IReadOnlyList<PlanLine> Lines);

public sealed record PlanLine(Guid ParticipantId, long Quantity);

public sealed record Booking(long Issued);

public sealed record ErrorQueues(IReadOnlyList<WaitingErrors> Items);

public sealed record WaitingErrors(string Queue, long Messages);

// Verification
public sealed record NewReport(int Year, IReadOnlyList<ReportSource> Sources);

public sealed record ReportSource(string Name, long Tonnes);

public sealed record NewStatement(Guid ReportId, string Conclusion, long VerifiedTonnes);

public sealed record NewDecision(Guid ReportId, string Decision);

// Settlement
public sealed record NewAccount(Guid AccountId, Guid ParticipantId, string Type);

public sealed record Account(
    Guid AccountId, Guid ParticipantId, string Type, IReadOnlyList<AccountUnits> Units, AccountCash Cash);

public sealed record AccountUnits(string Instrument, long Available, long PendingIn, long PendingOut);

public sealed record AccountCash(long AvailableMinor, long PendingInMinor, long PendingOutMinor);

public sealed record NewIssuance(Guid AccountId, string Instrument, int? Vintage, long Quantity);

public sealed record NewDeposit(Guid DepositId, Guid AccountId, long AmountMinor);

public sealed record NewTransfer(Guid FromAccountId, Guid ToAccountId, string Instrument, long Quantity);

public sealed record NewSurrender(Guid AccountId, string Instrument, long Quantity);

public sealed record ComplianceEntry(
    Guid ParticipantId, string Status, long VerifiedCumulative, long SurrenderedCumulative, int CurrentYear);

public sealed record ComplianceYears(int CurrentYear, IReadOnlyList<ClosedYear> Closed);

public sealed record ClosedYear(int Year);

public sealed record Conservation(bool Balanced, IReadOnlyList<ConservedUnits> Instruments);

public sealed record ConservedUnits(string Instrument, long Issued, long Held, long Surrendered, long Cancelled);

public sealed record Clearing(string? TradingDay, string Status, long Settled, long Failed, long Open);

public sealed record BankReconciliation(ReconciledDay Found);

public sealed record ReconciledDay(DateOnly Day);

// Trading
public sealed record NewOrder(
    Guid OrderId, string Instrument, string Side, long Quantity, long PriceMinor, string TimeInForce);

public sealed record NewAuction(string Instrument, long Quantity, long ReservePriceMinor, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Guid SellerParticipantId);

public sealed record NewBid(Guid BidId, long Quantity, long PriceMinor);

public sealed record Auction(string Status, long? ClearingPriceMinor, long SoldQuantity);

public sealed record Trade(
    long Sequence, Guid BuyerParticipantId, Guid SellerParticipantId, long Quantity, DateOnly TradingDay);

public sealed record TradingStatus(DateOnly? LastClosedDay);

public sealed record NewWithdrawal(string Instrument, long Quantity, long? CashMinor = null);

public sealed record Reconciliation(bool Matches, IReadOnlyList<System.Text.Json.JsonElement> Differences);

// Audit
public sealed record EventsHead(string Service, long Events);

public sealed record AuditSummary(IReadOnlyList<AuditedService> Services, long Events, bool Verified);

public sealed record AuditedService(
    string Service, long Events, long? InStore, bool GapFree, bool ChainValid, bool? Complete);
