"""The core answer as other systems expect it: one package a dialect.

Each holds its wire types, its translation and its routes. A dialect decides nothing about an
answer.
"""
