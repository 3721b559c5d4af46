orders = 12
licences = 151
