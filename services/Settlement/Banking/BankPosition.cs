namespace CarbonMarket.Settlement.Banking;

/// <summary>How far a market has heard its bank. Behind what is booked at worst: what is heard again changes nothing.</summary>
/// <param name="Id">The market.</param>
public sealed record BankPosition(string Id, long Notice);
